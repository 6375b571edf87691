import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { requireAdministrator } from "@/lib/auth/require";
import { database, transaction } from "@/lib/db";
import { log } from "@/lib/log";
import { announceChange } from "../live/announce-change";
import { ClockWatch } from "./clock-watch";
import { LEASE_SECONDS, RECONNECT_SECONDS } from "./lease";

/**
 * Ends live sessions whose lease ran out or whose encoder has not come back, and forgets rate limits that are over.
 * @param clock of the sweeps so far: when the database's clock was set since the last one, nothing is ended but every lease
 * and every wait begins anew
 * @returns how many sessions were ended
 */
export async function sweepStaleSessions(actor: Actor, clock = new ClockWatch()): Promise<number> {
  requireAdministrator(actor);
  const stepMs = clock.note(await readClock(), performance.now());
  if (stepMs !== 0) {
    await beginAnew();
    const stepSeconds = Math.round(stepMs / 1000);
    log().warn({ stepSeconds }, "the database's clock was set: leases of live sessions begin anew");
    return 0;
  }
  return transaction(async (tx) => {
    // SKIP LOCKED: a row that a call of media holds right now is judged by that call.
    const ended = await tx.$queryRaw<{ handle: string }[]>`
      WITH stale AS (
        SELECT id FROM live_sessions
         WHERE open_channel_id IS NOT NULL
           AND (lease_expires_at <= clock_timestamp()
                OR reconnecting_at <= clock_timestamp() - make_interval(secs => ${RECONNECT_SECONDS}))
         ORDER BY id FOR UPDATE SKIP LOCKED)
      UPDATE live_sessions s
         SET state = 'ENDED', open_channel_id = NULL, ended_at = clock_timestamp(),
             end_reason = CASE WHEN s.reconnecting_at IS NULL THEN 'lease-expired'
                               ELSE coalesce(s.end_reason, 'encoder-lost') END
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

async function readClock(): Promise<number> {
  const rows = await database().$queryRaw<{ ms: number }[]>`
    SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms`;
  return rows[0]?.ms ?? Number.NaN;
}

/** Harmless when several portal processes do it: media still has to renew within the lease. */
async function beginAnew(): Promise<void> {
  await database().$executeRaw`
    UPDATE live_sessions
       SET lease_expires_at = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}),
           reconnecting_at = CASE WHEN reconnecting_at IS NOT NULL THEN clock_timestamp() END
     WHERE open_channel_id IS NOT NULL`;
}
