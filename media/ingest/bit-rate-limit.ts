const WINDOW_SECONDS = 10;

/** A leaky bucket ten seconds deep: bursts pass (a key frame, a stalled network that catches up), a rate that stays too high does not. */
export class BitRateLimit {
  private readonly bytesPerMs: number;
  private readonly capacityBytes: number;
  private levelBytes = 0;
  private lastMs: number;

  constructor(kbps: number, nowMs: number) {
    this.bytesPerMs = kbps / 8;
    this.capacityBytes = this.bytesPerMs * 1000 * WINDOW_SECONDS;
    this.lastMs = nowMs;
  }

  /** @returns false when the rate has been exceeded for too long */
  add(sizeBytes: number, nowMs: number): boolean {
    this.levelBytes = Math.max(0, this.levelBytes - (nowMs - this.lastMs) * this.bytesPerMs) + sizeBytes;
    this.lastMs = nowMs;
    return this.levelBytes <= this.capacityBytes;
  }
}
