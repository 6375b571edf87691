/** Queries take their time; the sweep's own rhythm doesn't matter. */
const TOLERANCE_MS = 10_000;

/**
 * Tells when the database's clock was set. Leases end by that clock, and a step must not end broadcasts (forward), nor
 * leave those for ever whose media is gone (back).
 */
export class ClockWatch {
  private last: { databaseMs: number; elapsedMs: number } | null = null;

  /**
   * @param databaseMs the database's clock, ms since 1970 @param elapsedMs of a clock that nobody sets
   * @returns by how much it was set since the last call, in ms; 0 for what is no more than a slow answer
   */
  note(databaseMs: number, elapsedMs: number): number {
    const { last } = this;
    this.last = { databaseMs, elapsedMs };
    const stepMs = last ? databaseMs - last.databaseMs - (elapsedMs - last.elapsedMs) : 0;
    return Math.abs(stepMs) > TOLERANCE_MS ? stepMs : 0;
  }
}
