/** A frame of sound further than this from where counting puts it has been lost or jumped; nearer, its time was only rounded. */
const LOST_SECONDS = 0.03;

/**
 * Places frames of sound by counting their samples, so that rounding to milliseconds never opens a gap, and leans slowly
 * towards the encoder's times, so that counting never drifts from the picture.
 */
export class AudioClock {
  private next: number | null = null;
  private floor = Number.NEGATIVE_INFINITY;
  private lean = 0;

  constructor(private readonly sampleRate: number) {}

  /** @param ticks where the encoder puts the frame @param samples how long it lasts @returns where it goes */
  place(ticks: number, samples: number): number {
    const placed = this.next === null ? Math.max(ticks, this.floor) : this.follow(ticks, this.next);
    this.next = placed + samples;
    this.floor = this.next;
    return placed;
  }

  restart(): void {
    this.next = null;
    this.lean = 0;
  }

  private follow(ticks: number, next: number): number {
    const error = ticks - next;
    if (Math.abs(error) > LOST_SECONDS * this.sampleRate) {
      this.lean = 0;
      return Math.max(ticks, next);
    }
    // A smoothed error: single frames waver by a millisecond either way, and only what stays is drift.
    this.lean += (error - this.lean) / 128;
    const step = Math.trunc(this.lean / 32);
    this.lean -= step;
    return next + step;
  }
}
