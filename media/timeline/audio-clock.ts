/** A frame of sound further than this from where counting puts it has been lost or jumped; nearer, its time was only rounded. */
const LOST_SECONDS = 0.03;
/** Encoders may send some frames together under one time; a run this long that comes too early is a clock set back. */
const EARLY_FRAMES = 25;

/**
 * Places frames of sound by counting their samples, so that rounding to milliseconds never opens a gap, and leans slowly
 * towards the encoder's times, so that counting never drifts from the picture.
 */
export class AudioClock {
  private next: number | null = null;
  private lean = 0;
  private earlyFrames = 0;

  /** @param floor where an earlier configuration's sound ended: nothing goes before it */
  constructor(
    private readonly sampleRate: number,
    private floor = Number.NEGATIVE_INFINITY,
  ) {}

  /** Where its sound ends so far. */
  get endSeconds(): number {
    return this.floor / this.sampleRate;
  }

  /**
   * @param ticks where the encoder puts the frame @param samples how long it lasts
   * @returns where it goes; null: nowhere, as the time that it belongs to is already full of sound
   */
  place(ticks: number, samples: number): number | null {
    if (this.isInThePast(ticks)) return null;
    const placed = this.next === null ? Math.max(ticks, this.floor) : this.follow(ticks, this.next);
    this.next = placed + samples;
    this.floor = this.next;
    return placed;
  }

  restart(): void {
    this.next = null;
    this.lean = 0;
    this.earlyFrames = 0;
  }

  /** Sound behind which the picture would stay for ever is left out until both are together again. */
  private isInThePast(ticks: number): boolean {
    const isEarly = ticks < (this.next ?? this.floor) - LOST_SECONDS * this.sampleRate;
    if (!isEarly && this.earlyFrames <= EARLY_FRAMES) {
      this.earlyFrames = 0;
      return false;
    }
    this.earlyFrames++;
    if (this.earlyFrames <= EARLY_FRAMES) return false;
    if (ticks < (this.next ?? this.floor)) return true;
    this.earlyFrames = 0;
    return false;
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
