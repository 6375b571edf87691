const MOST_AT_ONCE = 20;
const ONE_MORE_EVERY_MS = 10_000;

/** An honest encoder changes its configuration when its user changes the scene's size, not all the time. */
export class ChangeBudget {
  private left = MOST_AT_ONCE;
  private sinceMs: number | null = null;

  /** @param nowMs of any clock, always the same one @returns whether one more change is still honest */
  take(nowMs: number): boolean {
    const earned = this.sinceMs === null ? 0 : Math.max(0, nowMs - this.sinceMs) / ONE_MORE_EVERY_MS;
    this.left = Math.min(MOST_AT_ONCE, this.left + earned);
    this.sinceMs = nowMs;
    if (this.left < 1) return false;
    this.left--;
    return true;
  }
}
