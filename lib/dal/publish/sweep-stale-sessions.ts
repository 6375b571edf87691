import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { requireAdministrator } from "@/lib/auth/require";
import { transaction } from "@/lib/db";
import { announceChange } from "../live/announce-change";
import { RECONNECT_SECONDS } from "./lease";

/**
 * Ends live sessions whose lease ran out or whose encoder has not come back, and forgets rate limits that are over.
 * @returns how many sessions were ended
 */
export async function sweepStaleSessions(actor: Actor): Promise<number> {
  requireAdministrator(actor);
  return transaction(async (tx) => {
    // SKIP LOCKED: a row that a call of media holds right now is judged by that call.
    const ended = await tx.$queryRaw<{ handle: string }[]>`
      WITH stale AS (
        SELECT id, lease_expires_at <= clock_timestamp() AS lease_over FROM live_sessions
         WHERE open_channel_id IS NOT NULL
           AND (lease_expires_at <= clock_timestamp()
                OR (state = 'RECONNECTING' AND reconnecting_at <= clock_timestamp() - make_interval(secs => ${RECONNECT_SECONDS})))
         ORDER BY id FOR UPDATE SKIP LOCKED)
      UPDATE live_sessions s
         SET state = 'ENDED', open_channel_id = NULL, ended_at = clock_timestamp(),
             end_reason = CASE WHEN s.state = 'RECONNECTING' THEN coalesce(s.end_reason, 'encoder-lost')
                               ELSE 'lease-expired' END
        FROM stale, channels c, users u
       WHERE s.id = stale.id AND c.id = s.channel_id AND u.id = c.owner_id
      RETURNING u.handle`;
    await tx.$executeRaw`DELETE FROM rate_limits WHERE expires_at <= clock_timestamp()`;
    await announceChange(
      tx,
      ended.map(({ handle }) => handle),
    );
    return ended.length;
  });
}
