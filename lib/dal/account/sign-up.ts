import "server-only";
import { z } from "zod";
import type { FormInvalid } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import type { SessionOutcome } from "@/lib/auth/session";
import type { Transaction } from "@/lib/db";
import { limits, subjectOf, takeAttempt } from "../rate-limit/take-attempt";
import { getSignUpPolicy } from "../settings/get-sign-up-policy";
import { createAccount } from "./create-account";
import { hashInvitation } from "./hash-invitation";
import { faultsOf, newAccountSchema } from "./new-account";

const inputSchema = newAccountSchema.extend({ invitation: z.string().nullable() });

const invitationInvalid: FormInvalid = { kind: "invalid", fields: { invitation: "invitation-invalid" } };

/** Makes an account as the sign-up policy allows. @throws AppError database-unavailable */
export async function signUp(actor: Actor, input: z.input<typeof inputSchema>): Promise<SessionOutcome> {
  const policy = await getSignUpPolicy(actor);
  if (policy === "closed") return { kind: "invalid", fields: {}, form: "sign-up-closed" };
  const { invitation, ...account } = inputSchema.parse(input);
  const faults = faultsOf(account);
  if (faults) return faults;
  if (policy === "invitation" && !invitation) return invitationInvalid;
  // Before anything that tells whether a handle or an address is taken.
  if (!(await takeAttempt(limits.signUpByAddress, subjectOf(actor.address)))) {
    return { kind: "invalid", fields: {}, form: "too-many-attempts" };
  }
  const codeHash = policy === "invitation" && invitation ? hashInvitation(invitation) : null;
  const outcome = await createAccount(account, "user", {
    before: async (tx) => (codeHash && !(await spendInvitation(tx, codeHash)) ? invitationInvalid : null),
    after: async (tx, { id }) => {
      if (codeHash) await tx.invitation.updateMany({ where: { codeHash }, data: { usedById: id } });
    },
  });
  if (outcome.kind === "invalid") return outcome;
  const { id, handle, sessionVersion } = outcome.account;
  return { kind: "done", session: { userId: id, handle, sessionVersion } };
}

// One statement: of two sign-ups at once with one code the second finds it used.
async function spendInvitation(tx: Transaction, codeHash: Buffer<ArrayBuffer>): Promise<boolean> {
  const { count } = await tx.invitation.updateMany({
    where: { codeHash, usedAt: null, expiresAt: { gt: new Date() }, inviter: { bannedAt: null } },
    data: { usedAt: new Date() },
  });
  return count === 1;
}
