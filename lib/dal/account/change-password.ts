import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import { hashPassword, verifyPassword } from "@/lib/auth/password";
import { requireUser } from "@/lib/auth/require";
import type { SessionOutcome } from "@/lib/auth/session";
import { database, transaction } from "@/lib/db";
import { limits, returnAttempt, takeAttempt } from "../rate-limit/take-attempt";
import { writeAudit } from "../write-audit";
import { passwordFault } from "./new-account";

const inputSchema = z.object({ currentPassword: z.string().max(4000), newPassword: z.string().max(4000) });

/** Sets a new password; every session but the answered one ends. @throws AppError sign-in-required, database-unavailable */
export async function changePassword(actor: Actor, input: z.input<typeof inputSchema>): Promise<SessionOutcome> {
  const { userId, handle, sessionVersion } = requireUser(actor);
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return { kind: "invalid", fields: { newPassword: "password-too-long" } };
  const user = await database().user.findUnique({
    where: { id: userId },
    select: { email: true, passwordHash: true },
  });
  if (!user) throw new AppError("sign-in-required");
  const fault = passwordFault(parsed.data.newPassword, { handle, email: user.email });
  if (fault) return { kind: "invalid", fields: { newPassword: fault } };
  if (!(await takeAttempt(limits.passwordByAccount, userId))) {
    return { kind: "invalid", fields: {}, form: "too-many-attempts" };
  }
  if (!(await verifyPassword(user.passwordHash, parsed.data.currentPassword))) {
    return { kind: "invalid", fields: { currentPassword: "password-wrong" } };
  }
  await returnAttempt(limits.passwordByAccount, userId);
  const passwordHash = await hashPassword(parsed.data.newPassword);
  await transaction(async (tx) => {
    // The version is part of the condition: a session that ended meanwhile can't set a password.
    const { count } = await tx.user.updateMany({
      where: { id: userId, sessionVersion, bannedAt: null },
      data: { passwordHash, sessionVersion: { increment: 1 } },
    });
    if (count === 0) throw new AppError("sign-in-required");
    await writeAudit(tx, actor, {
      action: "user.change-password",
      targetType: "user",
      targetId: userId,
      detail: { handle },
    });
  });
  return { kind: "done", session: { userId, handle, sessionVersion: sessionVersion + 1 } };
}
