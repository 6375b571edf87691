import "server-only";
import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { FormInvalid } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import type { SessionOutcome } from "@/lib/auth/session";
import { database, type Transaction } from "@/lib/db";
import { limits, subjectOf, takeAttempt } from "../rate-limit/take-attempt";
import { writeAudit } from "../write-audit";
import { createAccount } from "./create-account";
import { faultsOf, newAccountSchema } from "./new-account";

const inputSchema = newAccountSchema.extend({ token: z.string() });

export const SETUP_TOKEN_SETTING = "setup-token-hash";

const tokenInvalid: FormInvalid = { kind: "invalid", fields: {}, form: "token-invalid" };

/** Makes the first administrator for who holds the set-up link's token; works once. @throws AppError database-unavailable */
export async function setUpFirstAdministrator(
  actor: Actor,
  input: z.input<typeof inputSchema>,
): Promise<SessionOutcome> {
  const { token, ...account } = inputSchema.parse(input);
  if (!(await takeAttempt(limits.setUpByAddress, subjectOf(actor.address)))) {
    return { kind: "invalid", fields: {}, form: "too-many-attempts" };
  }
  // First of all, so that without the token nobody learns which handles and addresses exist.
  if (!(await isRightToken(token))) return tokenInvalid;
  const faults = faultsOf(account);
  if (faults) return faults;
  const outcome = await createAccount(account, "admin", {
    before: async (tx) => ((await spendToken(tx, token)) ? null : tokenInvalid),
    after: (tx, { id, handle }) =>
      writeAudit(
        tx,
        { kind: "user", userId: id, handle, role: "admin", sessionVersion: 1, ...callerOf(actor) },
        { action: "user.set-up-first-administrator", targetType: "user", targetId: id, detail: { handle } },
      ),
  });
  if (outcome.kind === "invalid") return outcome;
  const { id, handle, sessionVersion } = outcome.account;
  return { kind: "done", session: { userId: id, handle, sessionVersion } };
}

function callerOf({ address, hostName }: Actor) {
  return { address, hostName };
}

function matches(expected: unknown, token: string): boolean {
  if (typeof expected !== "string" || !/^[0-9a-f]{64}$/.test(expected)) return false;
  return timingSafeEqual(Buffer.from(expected, "hex"), createHash("sha256").update(token).digest());
}

async function isRightToken(token: string): Promise<boolean> {
  const row = await database().setting.findUnique({ where: { name: SETUP_TOKEN_SETTING }, select: { value: true } });
  return matches(row?.value, token);
}

// Deleting locks the row, so that of two calls at once only one finds it.
async function spendToken(tx: Transaction, token: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ value: unknown }[]>`
    DELETE FROM settings WHERE name = ${SETUP_TOKEN_SETTING} RETURNING value`;
  return matches(rows[0]?.value, token) && (await tx.user.count({ where: { role: "ADMIN" } })) === 0;
}
