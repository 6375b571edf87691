import "server-only";
import { z } from "zod";
import type { FormOutcome } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import { requireAdministrator } from "@/lib/auth/require";
import { createAccount } from "../account/create-account";
import { faultsOf, newAccountSchema } from "../account/new-account";
import { writeAudit } from "../write-audit";

const inputSchema = newAccountSchema.extend({ role: z.enum(["user", "admin"]) });

export type CreatedUser = { handle: string; email: string; role: "user" | "admin" };

/** Makes a user and the channel of that handle, whatever the sign-up policy. @throws AppError sign-in-required, forbidden, database-unavailable */
export async function createUser(
  actor: Actor,
  input: z.input<typeof inputSchema>,
): Promise<FormOutcome<{ user: CreatedUser }>> {
  requireAdministrator(actor);
  const { role, ...account } = inputSchema.parse(input);
  const faults = faultsOf(account);
  if (faults) return faults;
  const outcome = await createAccount(account, role, {
    after: (tx, { id, handle }) =>
      writeAudit(tx, actor, { action: "user.create", targetType: "user", targetId: id, detail: { handle, role } }),
  });
  if (outcome.kind === "invalid") return outcome;
  return { kind: "done", user: { handle: outcome.account.handle, email: outcome.account.email, role } };
}
