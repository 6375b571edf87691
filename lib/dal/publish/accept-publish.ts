import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { requireMedia } from "@/lib/auth/require";
import { type Transaction, transaction } from "@/lib/db";
import { RTMP_APPLICATION } from "@/lib/media-contract/playback-url";
import {
  type OnPublishAnswer,
  type OnPublishRequest,
  onPublishRequestSchema,
} from "@/lib/media-contract/publish-calls";
import { type RejectReason, rejectDescriptions } from "@/lib/media-contract/reasons";
import { announceChange } from "../live/announce-change";
import { oneLine } from "../one-line";
import { lookupOf } from "../stream-key/key-vault";
import { LEASE_SECONDS } from "./lease";

type KeyRow = {
  streamKeyId: string;
  channelId: string;
  handle: string;
  isRevoked: boolean;
  isExpired: boolean;
  isBanned: boolean;
};

/**
 * May this stream key go live? Opens the channel's live session, or continues the open one (reconnect, takeover).
 * @throws AppError forbidden, database-unavailable
 */
export async function acceptPublish(actor: Actor, input: OnPublishRequest): Promise<OnPublishAnswer> {
  requireMedia(actor);
  const parsed = onPublishRequestSchema.parse(input);
  // The encoder says this of itself, and administrators read it.
  const request = { ...parsed, encoder: oneLine(parsed.encoder ?? "") || null };
  if (request.application !== RTMP_APPLICATION) return rejected("wrong-application");
  const lookup = lookupOf(request.streamKey);
  return transaction(async (tx) => {
    const key = await lockKey(tx, lookup);
    if (!key) return rejected("unknown-key");
    if (key.isBanned) return rejected("banned-owner");
    if (key.isRevoked) return rejected("revoked-key");
    if (key.isExpired) return rejected("expired-key");
    await tx.streamKey.update({
      where: { id: key.streamKeyId },
      data: { lastUsedAt: new Date(), lastUsedAddress: request.remoteAddress },
      select: { id: true },
    });
    const session = await openOrContinue(tx, key, request);
    await announceChange(tx, [key.handle]);
    return { kind: "accepted", ...session, handle: key.handle, leaseSeconds: LEASE_SECONDS };
  });
}

function rejected(reason: RejectReason): OnPublishAnswer {
  return { kind: "rejected", reason, description: rejectDescriptions[reason] };
}

// The locks put this in one order with a revocation (key), a ban (user) and another publish on the channel (channel).
async function lockKey(tx: Transaction, lookup: Buffer): Promise<KeyRow | null> {
  const rows = await tx.$queryRaw<KeyRow[]>`
    SELECT k.id::text AS "streamKeyId", c.id::text AS "channelId", u.handle,
           k.revoked_at IS NOT NULL AS "isRevoked",
           coalesce(k.expires_at <= clock_timestamp(), false) AS "isExpired",
           u.banned_at IS NOT NULL AS "isBanned"
      FROM stream_keys k JOIN channels c ON c.id = k.channel_id JOIN users u ON u.id = c.owner_id
     WHERE k.lookup = ${lookup}
       FOR NO KEY UPDATE OF k FOR SHARE OF u FOR NO KEY UPDATE OF c`;
  return rows[0] ?? null;
}

type Opened = { liveSessionId: string; publishNumber: number };

// Should this answer be lost, the older connection goes on: its key is kept until media reports the new one.
// A session whose lease ran out is over even if nobody has swept it yet: media has ended it, so it can't be continued.
async function openOrContinue(tx: Transaction, key: KeyRow, request: OnPublishRequest): Promise<Opened> {
  await tx.$executeRaw`
    UPDATE live_sessions
       SET state = 'ENDED', open_channel_id = NULL, ended_at = clock_timestamp(), end_reason = 'lease-expired'
     WHERE open_channel_id = ${key.channelId}::uuid AND lease_expires_at <= clock_timestamp()`;
  const rows = await tx.$queryRaw<Opened[]>`
    INSERT INTO live_sessions (id, channel_id, open_channel_id, stream_key_id, media_boot_id, remote_address, encoder, lease_expires_at)
    VALUES (gen_random_uuid(), ${key.channelId}::uuid, ${key.channelId}::uuid, ${key.streamKeyId}::uuid,
            ${request.mediaBootId}::uuid, ${request.remoteAddress}, ${request.encoder},
            clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}))
    ON CONFLICT (open_channel_id) DO UPDATE
       SET publish_number = live_sessions.publish_number + 1,
           update_sequence = CASE WHEN live_sessions.media_boot_id = excluded.media_boot_id
                                  THEN live_sessions.update_sequence ELSE 0 END,
           older_key_ids = CASE WHEN live_sessions.stream_key_id = ANY(live_sessions.older_key_ids || excluded.stream_key_id)
                                THEN live_sessions.older_key_ids
                                ELSE live_sessions.older_key_ids || live_sessions.stream_key_id END,
           stream_key_id = excluded.stream_key_id, media_boot_id = excluded.media_boot_id,
           remote_address = excluded.remote_address, encoder = excluded.encoder,
           lease_expires_at = excluded.lease_expires_at, reconnecting_at = NULL, end_reason = NULL
    RETURNING id::text AS "liveSessionId", publish_number AS "publishNumber"`;
  const opened = rows[0];
  if (!opened) throw new Error("opening a live session returned no row");
  return opened;
}
