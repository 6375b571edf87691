import "server-only";
import { z } from "zod";
import type { FormCode } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import type { Device } from "@/lib/auth/device-cookie";
import { verifyPassword } from "@/lib/auth/password";
import type { SessionOutcome } from "@/lib/auth/session";
import { database } from "@/lib/db";
import { type Limit, limits, returnAttempt, subjectOf, takeAttempt } from "../rate-limit/take-attempt";
import { normalizeEmail } from "./new-account";

const inputSchema = z.object({ email: z.string().max(600), password: z.string().max(4000) });

function refused(form: FormCode): SessionOutcome {
  return { kind: "invalid", fields: {}, form };
}

/**
 * Checks e-mail address and password. An unknown address, a wrong password and a banned account with a wrong password
 * get the same answer after the same work. `device`: the browser, when it signed in to some account before.
 * @throws AppError database-unavailable
 */
export async function signIn(
  actor: Actor,
  input: z.input<typeof inputSchema>,
  device: Device | null = null,
): Promise<SessionOutcome> {
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return refused("credentials-wrong");
  const email = normalizeEmail(parsed.data.email);
  const user = await database().user.findUnique({
    where: { email },
    select: { id: true, handle: true, passwordHash: true, sessionVersion: true, bannedAt: true },
  });
  const taken = await takeAttempts(actor, email, device && device.userId === user?.id ? device : null);
  if (!taken) return refused("too-many-attempts");
  const isRight = await verifyPassword(user?.passwordHash ?? null, parsed.data.password);
  if (!user || !isRight) return refused("credentials-wrong");
  for (const [limit, subject] of taken) await returnAttempt(limit, subject);
  if (user.bannedAt) return refused("account-banned");
  return { kind: "done", session: { userId: user.id, handle: user.handle, sessionVersion: user.sessionVersion } };
}

type Attempt = readonly [Limit, string];

/**
 * Strangers are limited per address, per address and account, and slowly per account from everywhere. A device that has
 * signed in to the account has a count of its own first, so that strangers' guesses don't lock its owner out.
 * @returns what was counted, or null when there were too many
 */
async function takeAttempts(actor: Actor, email: string, device: Device | null): Promise<Attempt[] | null> {
  if (device) {
    const own: Attempt = [limits.signInByDevice, device.deviceId];
    if (await takeAttempt(...own)) return [own];
  }
  const address = subjectOf(actor.address);
  const strangers: Attempt[] = [
    [limits.signInByAddress, address],
    [limits.signInByPair, `${address} ${email}`],
    [limits.signInByAccount, email],
  ];
  // In this order: who is stopped by their own address doesn't count against everybody's limit of the account.
  for (const attempt of strangers) if (!(await takeAttempt(...attempt))) return null;
  return strangers;
}
