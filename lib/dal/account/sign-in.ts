import "server-only";
import { z } from "zod";
import type { FormCode } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import { verifyPassword } from "@/lib/auth/password";
import type { SessionOutcome } from "@/lib/auth/session";
import { database } from "@/lib/db";
import { limits, returnAttempt, subjectOf, takeAttempt } from "../rate-limit/take-attempt";
import { normalizeEmail } from "./new-account";

const inputSchema = z.object({ email: z.string().max(600), password: z.string().max(4000) });

function refused(form: FormCode): SessionOutcome {
  return { kind: "invalid", fields: {}, form };
}

/**
 * Checks e-mail address and password. An unknown address, a wrong password and a banned account with a wrong password
 * get the same answer after the same work. @throws AppError database-unavailable
 */
export async function signIn(actor: Actor, input: z.input<typeof inputSchema>): Promise<SessionOutcome> {
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return refused("credentials-wrong");
  const email = normalizeEmail(parsed.data.email);
  const address = subjectOf(actor.address);
  const mayTry =
    (await takeAttempt(limits.signInByAddress, address)) && (await takeAttempt(limits.signInByAccount, email));
  if (!mayTry) return refused("too-many-attempts");
  const user = await database().user.findUnique({
    where: { email },
    select: { id: true, handle: true, passwordHash: true, sessionVersion: true, bannedAt: true },
  });
  const isRight = await verifyPassword(user?.passwordHash ?? null, parsed.data.password);
  if (!user || !isRight) return refused("credentials-wrong");
  await returnAttempt(limits.signInByAddress, address);
  await returnAttempt(limits.signInByAccount, email);
  if (user.bannedAt) return refused("account-banned");
  return { kind: "done", session: { userId: user.id, handle: user.handle, sessionVersion: user.sessionVersion } };
}
