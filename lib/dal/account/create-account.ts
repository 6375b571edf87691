import "server-only";
import type { FormInvalid } from "@/lib/app-error";
import { hashPassword } from "@/lib/auth/password";
import { database, isUniqueViolation, type Transaction, transaction } from "@/lib/db";
import { type NewAccount, takenFields } from "./new-account";

export type CreatedAccount = { id: string; handle: string; email: string; sessionVersion: number };
export type CreateOutcome = { kind: "done"; account: CreatedAccount } | FormInvalid;

type Steps = {
  /** Last condition, in the transaction and before the account; what it takes is given back when the account can't be made. */
  before?(tx: Transaction): Promise<FormInvalid | null>;
  after(tx: Transaction, account: CreatedAccount): Promise<void>;
};

class Refused extends Error {
  constructor(readonly outcome: FormInvalid) {
    super("refused");
  }
}

/** Makes a user and the channel of that handle in one transaction. `account` is normalized and without faults. */
export async function createAccount(account: NewAccount, role: "user" | "admin", steps: Steps): Promise<CreateOutcome> {
  const taken = await takenFields(database(), account);
  if (taken) return taken;
  const passwordHash = await hashPassword(account.password);
  try {
    return await transaction(async (tx) => {
      const refusal = await steps.before?.(tx);
      if (refusal) throw new Refused(refusal);
      const user = await tx.user.create({
        data: {
          handle: account.handle,
          email: account.email,
          displayName: account.handle,
          passwordHash,
          role: role === "admin" ? "ADMIN" : "USER",
          channel: { create: {} },
        },
        select: { id: true, handle: true, email: true, sessionVersion: true },
      });
      await steps.after(tx, user);
      return { kind: "done", account: user };
    });
  } catch (error) {
    if (error instanceof Refused) return error.outcome;
    // Somebody was faster with the same handle or address.
    const lost = isUniqueViolation(error) ? await takenFields(database(), account) : null;
    if (lost) return lost;
    throw error;
  }
}
