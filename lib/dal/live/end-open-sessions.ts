import "server-only";
import { Prisma, type Transaction } from "@/lib/db";
import type { EndReason } from "@/lib/media-contract/reasons";
import { announceChange } from "./announce-change";

export type EndedSession = { liveSessionId: string; handle: string };

/** Which open sessions: one by id, those in which a connection with the key may be on the air, those of a channel. */
export type OpenSessionsOf = { liveSessionId: string } | { streamKeyId: string } | { ownerId: string };

/** Ends open live sessions in the database and tells the pages. Media has to be told after the commit. */
export async function endOpenSessions(
  tx: Transaction,
  which: OpenSessionsOf,
  reason: EndReason,
): Promise<EndedSession[]> {
  const ended = await tx.$queryRaw<EndedSession[]>`
    UPDATE live_sessions s
       SET state = 'ENDED', open_channel_id = NULL, ended_at = clock_timestamp(), end_reason = ${reason}
      FROM channels c JOIN users u ON u.id = c.owner_id
     WHERE c.id = s.channel_id AND s.open_channel_id IS NOT NULL AND ${conditionOf(which)}
    RETURNING s.id::text AS "liveSessionId", u.handle`;
  await announceChange(
    tx,
    ended.map(({ handle }) => handle),
  );
  return ended;
}

function conditionOf(which: OpenSessionsOf): Prisma.Sql {
  if ("liveSessionId" in which) return Prisma.sql`s.id = ${which.liveSessionId}::uuid`;
  if ("streamKeyId" in which) {
    return Prisma.sql`${which.streamKeyId}::uuid = ANY(s.older_key_ids || s.stream_key_id)`;
  }
  return Prisma.sql`c.owner_id = ${which.ownerId}::uuid`;
}
