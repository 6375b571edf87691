import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { database } from "@/lib/db";
import { type SignUpPolicy, signUpPolicySchema } from "./sign-up-policy";

export const SIGN_UP_POLICY_SETTING = "sign-up-policy";

/** Who may sign up; public. Open until an administrator decides; a value that nobody understands means closed. */
export async function getSignUpPolicy(_actor: Actor): Promise<SignUpPolicy> {
  const row = await database().setting.findUnique({
    where: { name: SIGN_UP_POLICY_SETTING },
    select: { value: true },
  });
  if (!row) return "open";
  const policy = signUpPolicySchema.safeParse(row.value);
  return policy.success ? policy.data : "closed";
}
