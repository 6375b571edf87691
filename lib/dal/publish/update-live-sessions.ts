import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { requireMedia } from "@/lib/auth/require";
import { type Transaction, transaction } from "@/lib/db";
import { type OnUpdateAnswer, type OnUpdateRequest, onUpdateRequestSchema } from "@/lib/media-contract/publish-calls";
import { announceChange } from "../live/announce-change";
import { answerFor, type Judgement, judgeSession, type SessionRow } from "./judge-session";
import { LEASE_SECONDS, REPORT_GRACE_SECONDS } from "./lease";

/**
 * Everything one media process has on the air: renews leases, follows states, answers which sessions must end.
 * Late, repeated and reordered calls change nothing.
 * @throws AppError forbidden, database-unavailable
 */
export async function updateLiveSessions(actor: Actor, input: OnUpdateRequest): Promise<OnUpdateAnswer> {
  requireMedia(actor);
  const call = onUpdateRequestSchema.parse(input);
  const reports = new Map(call.sessions.map((report) => [report.liveSessionId, report]));
  return transaction(async (tx) => {
    const rows = await lockSessions(tx, [...reports.keys()]);
    const judged = rows.map((row) => ({ row, judgement: judgeSession(row, reports.get(row.liveSessionId), call) }));
    await renew(tx, judged, call.sequence);
    await lose(tx, judged);
    await announceChange(
      tx,
      judged.filter(({ judgement }) => isVisible(judgement)).map(({ row }) => row.handle),
    );
    const known = new Map(rows.map((row) => [row.liveSessionId, row]));
    return { sessions: [...reports.keys()].map((id) => answerFor(id, known.get(id), call)) };
  });
}

type Judged = { row: SessionRow; judgement: Judgement }[];

function isVisible(judgement: Judgement): boolean {
  return judgement.kind === "lose" || (judgement.kind === "renew" && judgement.isVisible);
}

// Every open session and every reported one, locked in one order so that two calls at once can't block each other for good.
function lockSessions(tx: Transaction, reportedIds: string[]): Promise<SessionRow[]> {
  return tx.$queryRaw<SessionRow[]>`
    SELECT s.id::text AS "liveSessionId", u.handle, s.state::text AS state, s.publish_number AS "publishNumber",
           s.media_boot_id::text AS "mediaBootId", s.update_sequence AS "updateSequence", s.viewers,
           s.end_reason AS "endReason", s.started_at IS NOT NULL AS "hasStarted",
           s.state = 'PENDING' AND s.reconnecting_at IS NOT NULL AS "isLost",
           s.lease_expires_at > clock_timestamp() + make_interval(secs => ${LEASE_SECONDS - REPORT_GRACE_SECONDS}) AS "isFresh"
      FROM live_sessions s JOIN channels c ON c.id = s.channel_id JOIN users u ON u.id = c.owner_id
     WHERE s.open_channel_id IS NOT NULL OR s.id = ANY(${reportedIds}::uuid[])
     ORDER BY s.id
       FOR UPDATE OF s`;
}

async function renew(tx: Transaction, judged: Judged, sequence: number): Promise<void> {
  const renewals = judged.flatMap(({ row, judgement }) =>
    judgement.kind === "renew"
      ? [
          {
            id: row.liveSessionId,
            state: judgement.state,
            number: judgement.report.publishNumber,
            video: judgement.report.video,
            audio: judgement.report.audio,
            bitrate: judgement.report.bitrateKbps,
            viewers: judgement.report.viewers,
          },
        ]
      : [],
  );
  if (renewals.length === 0) return;
  await tx.$executeRaw`
    UPDATE live_sessions s
       SET state = r.state::"LiveSessionState", update_sequence = ${sequence},
           lease_expires_at = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}),
           started_at = CASE WHEN r.state = 'LIVE' THEN coalesce(s.started_at, clock_timestamp()) ELSE s.started_at END,
           reconnecting_at = CASE WHEN r.state = 'RECONNECTING' THEN coalesce(s.reconnecting_at, clock_timestamp()) END,
           end_reason = CASE WHEN r.state = 'RECONNECTING' THEN 'encoder-lost' END,
           video = nullif(r.video, 'null'::jsonb), audio = nullif(r.audio, 'null'::jsonb), bitrate_kbps = r.bitrate,
           older_key_ids = CASE WHEN r.number < s.publish_number THEN s.older_key_ids ELSE '{}' END,
           viewers = r.viewers, peak_viewers = greatest(s.peak_viewers, r.viewers)
      FROM jsonb_to_recordset(${JSON.stringify(renewals)}::jsonb)
        AS r(id uuid, state text, number int, video jsonb, audio jsonb, bitrate int, viewers int)
     WHERE s.id = r.id`;
}

async function lose(tx: Transaction, judged: Judged): Promise<void> {
  const losses = judged.flatMap(({ row, judgement }) =>
    judgement.kind === "lose" ? [{ id: row.liveSessionId, reason: judgement.reason }] : [],
  );
  if (losses.length === 0) return;
  // There is nothing to play any more, as before the first segment. The reason waits in the row: should the encoder not
  // come back, the sweep ends the session with it. One whose encoder was away already does not wait any longer for it.
  await tx.$executeRaw`
    UPDATE live_sessions s
       SET state = 'PENDING', reconnecting_at = coalesce(s.reconnecting_at, clock_timestamp()),
           end_reason = coalesce(s.end_reason, r.reason), viewers = 0
      FROM jsonb_to_recordset(${JSON.stringify(losses)}::jsonb) AS r(id uuid, reason text)
     WHERE s.id = r.id`;
}
