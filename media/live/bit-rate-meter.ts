/** Kilobits a second between two looks at a counter of bytes that starts again with each connection. */
export class BitRateMeter {
  private sinceMs: number | null = null;
  private bytes = 0;
  private last = 0;

  /** Looks closer than a second to each other repeat the last figure. */
  kbps(nowMs: number, receivedBytes: number): number {
    if (this.sinceMs === null || receivedBytes < this.bytes) {
      this.sinceMs = nowMs;
      this.bytes = receivedBytes;
      return this.last;
    }
    const ms = nowMs - this.sinceMs;
    if (ms < 1000) return this.last;
    this.last = Math.round(((receivedBytes - this.bytes) * 8) / ms);
    this.sinceMs = nowMs;
    this.bytes = receivedBytes;
    return this.last;
  }
}
