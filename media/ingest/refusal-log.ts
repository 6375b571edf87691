import type { Logger } from "pino";

const ONE_LINE_EVERY_MS = 1_000;

/** The log lines of refused connections, one a second: thousands of connections must not become thousands of lines. */
export class RefusalLog {
  private lastMs = Number.NEGATIVE_INFINITY;
  private unlogged = 0;

  constructor(private readonly log: Logger) {}

  /** @param nowMs of a clock that never goes back */
  note(remoteAddress: string, reason: string, nowMs: number): void {
    if (nowMs - this.lastMs < ONE_LINE_EVERY_MS) {
      this.unlogged++;
      return;
    }
    this.log.warn({ remoteAddress, reason, unlogged: this.unlogged }, "connection refused");
    this.lastMs = nowMs;
    this.unlogged = 0;
  }
}
