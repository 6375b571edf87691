import { z } from "zod";

export const signUpPolicySchema = z.enum(["open", "invitation", "closed"]);

/** Who may sign up: anyone, who has an invitation, nobody. */
export type SignUpPolicy = z.infer<typeof signUpPolicySchema>;
