import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import { isAdministrator, requireUser } from "@/lib/auth/require";
import { transaction } from "@/lib/db";
import { disconnectEnded } from "../live/disconnect-ended";
import { endOpenSessions } from "../live/end-open-sessions";
import { writeAudit } from "../write-audit";

const inputSchema = z.object({ id: z.uuid() });

/**
 * Withdraws a key for good and takes a broadcast that uses it off the air: its owner, an administrator, the command line.
 * Revoking again is no fault. @throws AppError not-found, sign-in-required, database-unavailable
 */
export async function revokeStreamKey(actor: Actor, input: z.input<typeof inputSchema>): Promise<void> {
  if (actor.kind !== "system") requireUser(actor);
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) throw new AppError("not-found");
  const { id } = parsed.data;
  const ended = await transaction(async (tx) => {
    // The lock puts this before or after a publish with the key that is being accepted, never beside it.
    const rows = await tx.$queryRaw<{ ownerId: string; handle: string; isRevoked: boolean }[]>`
      SELECT c.owner_id::text AS "ownerId", u.handle, k.revoked_at IS NOT NULL AS "isRevoked"
        FROM stream_keys k JOIN channels c ON c.id = k.channel_id JOIN users u ON u.id = c.owner_id
       WHERE k.id = ${id}::uuid FOR UPDATE OF k`;
    const key = rows[0];
    const isOwner = actor.kind === "user" && actor.userId === key?.ownerId;
    if (!key || !(isOwner || isAdministrator(actor))) throw new AppError("not-found");
    if (!key.isRevoked) {
      await tx.streamKey.update({ where: { id }, data: { revokedAt: new Date() }, select: { id: true } });
      await writeAudit(tx, actor, {
        action: "stream-key.revoke",
        targetType: "stream-key",
        targetId: id,
        detail: { handle: key.handle },
      });
    }
    return endOpenSessions(tx, { streamKeyId: id }, "key-revoked");
  });
  await disconnectEnded(ended, "key-revoked");
}
