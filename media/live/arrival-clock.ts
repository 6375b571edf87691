import { CLOCK_RATE } from "../timeline/access-unit";

const TICKS_PER_MS = CLOCK_RATE / 1000;
/** A segment's date moves by no more than this against its neighbour's duration: enough for any clock's drift. */
const LARGEST_STEP_MS = 2;
/** The same for a connection's first segments: an encoder's first frames come late, and then it catches up. */
const LARGEST_FIRST_STEP_MS = 60;
const FIRST_SEGMENTS = 5;

/**
 * Tells when media arrived, evened out: the dates of EXT-X-PROGRAM-DATE-TIME agree with durations and yet follow the
 * encoder's clock. The least delayed arrival of each segment counts, so that a hiccup of the network shifts nothing.
 */
export class ArrivalClock {
  private offsetMs: number | null = null;
  private leastMs: number | null = null;
  private segments = 0;

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
    this.segments = 0;
  }

  private follow(): void {
    if (this.offsetMs === null || this.leastMs === null) return;
    const step = this.leastMs - this.offsetMs;
    const largest = largestStepMs(this.segments++);
    this.offsetMs += Math.max(-largest, Math.min(largest, step));
    this.leastMs = null;
  }
}

function largestStepMs(segmentsBefore: number): number {
  // The first date is still free: nothing has been published that it could disagree with.
  if (segmentsBefore === 0) return Number.POSITIVE_INFINITY;
  return segmentsBefore <= FIRST_SEGMENTS ? LARGEST_FIRST_STEP_MS : LARGEST_STEP_MS;
}
