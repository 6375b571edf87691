import { CLOCK_RATE } from "../timeline/access-unit";

const TICKS_PER_MS = CLOCK_RATE / 1000;
/** A segment's date moves by no more than this against its neighbour's duration. */
const LARGEST_STEP_MS = 40;

/**
 * Tells when media arrived, evened out: the dates of EXT-X-PROGRAM-DATE-TIME agree with durations and yet follow the
 * encoder's clock. The least delayed arrival of each segment counts, so that a hiccup of the network shifts nothing.
 */
export class ArrivalClock {
  private offsetMs: number | null = null;
  private leastMs: number | null = null;

  note(clockTicks: number, arrivalMs: number): void {
    const offset = arrivalMs - clockTicks / TICKS_PER_MS;
    if (this.leastMs === null || offset < this.leastMs) this.leastMs = offset;
    this.offsetMs ??= offset;
  }

  /** @returns ms since 1970. @param isSegmentStart true to let the clock follow what has been seen since the last one */
  timeOf(clockTicks: number, isSegmentStart: boolean): number {
    if (isSegmentStart) this.follow();
    return Math.round(clockTicks / TICKS_PER_MS + (this.offsetMs ?? 0));
  }

  /** A new connection: its delay has nothing to do with the last one's. */
  restart(): void {
    this.offsetMs = null;
    this.leastMs = null;
  }

  private follow(): void {
    if (this.offsetMs === null || this.leastMs === null) return;
    const step = this.leastMs - this.offsetMs;
    this.offsetMs += Math.max(-LARGEST_STEP_MS, Math.min(LARGEST_STEP_MS, step));
    this.leastMs = null;
  }
}
