import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { requireMedia } from "@/lib/auth/require";
import { transaction } from "@/lib/db";
import {
  type OnPublishEndAnswer,
  type OnPublishEndRequest,
  onPublishEndRequestSchema,
} from "@/lib/media-contract/publish-calls";
import { endOpenSessions } from "../live/end-open-sessions";

/**
 * A live session is over. Idempotent; the end of a connection that a newer one has replaced is ignored.
 * @throws AppError forbidden, database-unavailable
 */
export async function endPublish(actor: Actor, input: OnPublishEndRequest): Promise<OnPublishEndAnswer> {
  requireMedia(actor);
  const end = onPublishEndRequestSchema.parse(input);
  return transaction(async (tx) => {
    const rows = await tx.$queryRaw<{ isOpen: boolean; publishNumber: number; mediaBootId: string }[]>`
      SELECT open_channel_id IS NOT NULL AS "isOpen", publish_number AS "publishNumber", media_boot_id::text AS "mediaBootId"
        FROM live_sessions WHERE id = ${end.liveSessionId}::uuid FOR UPDATE`;
    const row = rows[0];
    if (!row) return { kind: "unknown" };
    if (!row.isOpen) return { kind: "already-ended" };
    if (row.mediaBootId !== end.mediaBootId || row.publishNumber > end.publishNumber) return { kind: "ignored" };
    await endOpenSessions(tx, { liveSessionId: end.liveSessionId }, end.reason);
    return { kind: "ended" };
  });
}
