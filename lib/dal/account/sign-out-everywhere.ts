import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { requireUser } from "@/lib/auth/require";
import { transaction } from "@/lib/db";
import { writeAudit } from "../write-audit";

/** Ends every session of the caller, this one too. @throws AppError sign-in-required, database-unavailable */
export async function signOutEverywhere(actor: Actor): Promise<void> {
  const { userId, handle } = requireUser(actor);
  await transaction(async (tx) => {
    await tx.user.update({
      where: { id: userId },
      data: { sessionVersion: { increment: 1 } },
      select: { id: true },
    });
    await writeAudit(tx, actor, {
      action: "user.sign-out-everywhere",
      targetType: "user",
      targetId: userId,
      detail: { handle },
    });
  });
}
