import type { Logger } from "pino";

/** Why a viewer was turned away or cut. */
export type OriginRefusal =
  | "too-many-connections"
  | "too-many-connections-from-address"
  | "too-many-waiting"
  | "too-many-waiting-from-address"
  | "slow-reader"
  | "pipelined";

/** An attack brings thousands of one kind: one line tells of all in this time. */
const LOG_EVERY_MS = 10_000;

/** Counts whom the origin turned away, for metrics, and logs it, seldom. Reasons are a closed list, so it never grows. */
export class OriginRefusals {
  readonly counts: Partial<Record<OriginRefusal, number>> = {};
  private readonly logged = new Map<OriginRefusal, { atMs: number; count: number }>();

  constructor(private readonly log: Logger) {}

  note(reason: OriginRefusal, remoteAddress: string): void {
    const count = (this.counts[reason] ?? 0) + 1;
    this.counts[reason] = count;
    const last = this.logged.get(reason);
    const nowMs = performance.now();
    if (last && nowMs - last.atMs < LOG_EVERY_MS) return;
    this.logged.set(reason, { atMs: nowMs, count });
    this.log.warn({ reason, remoteAddress, refused: count - (last?.count ?? 0) }, "viewers turned away");
  }
}
