import "server-only";
import { z } from "zod";
import { AppError, type FormOutcome } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import { requireAdministrator } from "@/lib/auth/require";
import { transaction } from "@/lib/db";
import { disconnectEnded } from "../live/disconnect-ended";
import { endOpenSessions } from "../live/end-open-sessions";
import { oneLine } from "../one-line";
import { writeAudit } from "../write-audit";

const inputSchema = z.object({ handle: z.string().max(300), reason: z.string().max(4000).nullable() });

/**
 * Bans a user: sign-in is refused, sessions end for good, keys are refused, a broadcast goes off the air.
 * @throws AppError not-found, sign-in-required, forbidden, database-unavailable
 */
export async function banUser(actor: Actor, input: z.input<typeof inputSchema>): Promise<FormOutcome> {
  const administrator = requireAdministrator(actor);
  const parsed = inputSchema.safeParse(input);
  const reason = oneLine(parsed.data?.reason ?? "") || null;
  if (!parsed.success || (reason?.length ?? 0) > 500) return { kind: "invalid", fields: { reason: "reason-too-long" } };
  const handle = parsed.data.handle.trim().toLowerCase();
  // Nobody locks themselves out.
  if (administrator.kind === "user" && administrator.handle === handle) {
    return { kind: "invalid", fields: { handle: "forbidden" } };
  }
  const ended = await transaction(async (tx) => {
    const user = await tx.user.findUnique({ where: { handle }, select: { id: true } });
    if (!user) throw new AppError("not-found");
    // The update locks the row: a publish that is being accepted ends before it or sees the ban.
    const { count } = await tx.user.updateMany({
      where: { id: user.id, bannedAt: null },
      data: { bannedAt: new Date(), banReason: reason, sessionVersion: { increment: 1 } },
    });
    if (count === 1) {
      const detail = reason ? { handle, reason } : { handle };
      await writeAudit(tx, actor, { action: "user.ban", targetType: "user", targetId: user.id, detail });
    }
    return endOpenSessions(tx, { ownerId: user.id }, "owner-banned");
  });
  await disconnectEnded(ended, "owner-banned");
  return { kind: "done" };
}
