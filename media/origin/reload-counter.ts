/**
 * Tells how many watch from how often playlists are asked for: a low-latency player asks once a part, another one about
 * once a target duration. Needs no memory of who asked.
 */
export class ReloadCounter {
  private sinceMs: number | null = null;
  private blocking = 0;
  private plain = 0;
  private last = 0;

  count(isBlocking: boolean): void {
    if (isBlocking) this.blocking++;
    else this.plain++;
  }

  /** Viewers since the last call; calls closer than a second to each other repeat the last figure. */
  viewers(nowMs: number, partTargetSeconds: number, targetDurationSeconds: number): number {
    const seconds = this.sinceMs === null ? 0 : (nowMs - this.sinceMs) / 1000;
    if (this.sinceMs !== null && seconds < 1) return this.last;
    if (seconds > 0) {
      const viewers = (this.blocking * partTargetSeconds + this.plain * targetDurationSeconds) / seconds;
      this.last = viewers > 0.3 ? Math.max(1, Math.round(viewers)) : 0;
    }
    this.sinceMs = nowMs;
    this.blocking = 0;
    this.plain = 0;
    return this.last;
  }
}
