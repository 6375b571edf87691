import type { LiveSessionReport, OnUpdateAnswer } from "@/lib/media-contract/publish-calls";
import { type EndReason, endReasonSchema } from "@/lib/media-contract/reasons";
import { LEASE_SECONDS } from "./lease";

/** A live session's row, as far as a report is judged by it. */
export type SessionRow = {
  liveSessionId: string;
  handle: string;
  state: "PENDING" | "LIVE" | "RECONNECTING" | "ENDED";
  publishNumber: number;
  mediaBootId: string;
  updateSequence: number;
  viewers: number;
  endReason: string | null;
  hasStarted: boolean;
  /** Nobody has it on the air: it waits for its encoder. */
  isLost: boolean;
  /** Accepted or renewed a moment ago. */
  isFresh: boolean;
};

export type Call = { mediaBootId: string; sequence: number };

export type Judgement =
  /** Leave the row as it is. */
  | { kind: "keep" }
  /** Take over what media says and renew the lease. */
  | { kind: "renew"; state: "PENDING" | "LIVE" | "RECONNECTING"; report: LiveSessionReport; isVisible: boolean }
  /** Nobody has it on the air at the moment; it waits for its encoder. */
  | { kind: "lose"; reason: EndReason };

const stateOf = { pending: "PENDING", live: "LIVE", reconnecting: "RECONNECTING" } as const;

/** What a call of media means for one open row: pure, so that every order of late and repeated calls can be tried. */
export function judgeSession(row: SessionRow, report: LiveSessionReport | undefined, call: Call): Judgement {
  // A lease that is over by the database's clock is no reason: media keeps it by one that nobody sets, and had it run out
  // there, the session would not be in the report.
  if (row.state === "ENDED") return { kind: "keep" };
  const isCallers = row.mediaBootId === call.mediaBootId;
  if (isCallers && call.sequence <= row.updateSequence) return { kind: "keep" };
  // A process's first call: there is no other any more, whose session could be newer than the call.
  if (!isCallers) return lose(row, "media-restarted", call.sequence === 0);
  if (!report) return lose(row, "encoder-lost");
  // A newer connection was accepted and may be about to take over; when it never came, the older one simply goes on.
  if (report.publishNumber < row.publishNumber && row.isFresh) return { kind: "keep" };
  const state = stateOf[report.state];
  return { kind: "renew", state, report, isVisible: state !== row.state || report.viewers !== row.viewers };
}

function lose(row: SessionRow, reason: EndReason, isCertain = false): Judgement {
  if (row.isLost || (row.isFresh && !isCertain)) return { kind: "keep" };
  return { kind: "lose", reason };
}

/** The answer for a session that media reported. `row` is undefined when the portal has never known it, or its channel is gone. */
export function answerFor(
  liveSessionId: string,
  row: SessionRow | undefined,
  call: Call,
): OnUpdateAnswer["sessions"][number] {
  if (!row) return { kind: "end", liveSessionId, reason: "ended-by-administrator" };
  if (row.state === "ENDED") {
    const reason = endReasonSchema.safeParse(row.endReason);
    return { kind: "end", liveSessionId, reason: reason.success ? reason.data : "lease-expired" };
  }
  if (row.mediaBootId !== call.mediaBootId) return { kind: "end", liveSessionId, reason: "media-restarted" };
  return { kind: "continue", liveSessionId, leaseSeconds: LEASE_SECONDS };
}
