/** RTMP times are whole milliseconds, so a steady stream wavers by one; two and a half leaves room for an encoder's own. */
const WAVER_SECONDS = 0.0025;
const FRAMES_UNTIL_STEADY = 6;

/**
 * Turns the wavering millisecond times of a steady video stream into even ones, and then knows each frame's duration ahead.
 * A frame off its place by more than the waver is put where the encoder says.
 */
export class FrameClock {
  private last: number | null = null;
  private steadyFrames = 0;

  /** `frameTicks`: expected distance of two frames, null when nothing is known yet. */
  constructor(
    private readonly timescale: number,
    private frameTicks: number | null,
    private floor = Number.NEGATIVE_INFINITY,
  ) {}

  /** No frame goes before this. */
  get floorTicks(): number {
    return this.floor;
  }

  /** @returns where the frame goes and, once the rate has shown to be steady, how long it lasts. */
  place(ticks: number): { ticks: number; durationTicks: number | null } {
    const placed = this.last === null ? Math.max(ticks, this.floor) : this.follow(ticks, this.last);
    this.last = placed;
    this.floor = placed + 1;
    const isSteady = this.steadyFrames >= FRAMES_UNTIL_STEADY && this.frameTicks !== null;
    return { ticks: placed, durationTicks: isSteady ? Math.round(this.frameTicks ?? 0) : null };
  }

  /** A composition offset, evened to whole frames where the rate is steady. */
  evenOffset(offsetTicks: number): number {
    if (this.steadyFrames < FRAMES_UNTIL_STEADY || !this.frameTicks) return offsetTicks;
    const even = Math.round(Math.round(offsetTicks / this.frameTicks) * this.frameTicks);
    return Math.abs(even - offsetTicks) <= WAVER_SECONDS * this.timescale ? even : offsetTicks;
  }

  /** How long the newest frame will last, as far as that can be told. */
  get expectedTicks(): number {
    return this.frameTicks ?? this.timescale / 30;
  }

  /** Frames a second, once the rate has shown to be steady. */
  get frameRate(): number | null {
    return this.steadyFrames >= FRAMES_UNTIL_STEADY && this.frameTicks ? this.timescale / this.frameTicks : null;
  }

  /** Forgets where it was, not how fast, nor what lies behind: for a new connection or a jump of the encoder's clock. */
  restart(): void {
    this.last = null;
  }

  private follow(ticks: number, last: number): number {
    const waver = WAVER_SECONDS * this.timescale;
    const error = this.frameTicks === null ? Number.POSITIVE_INFINITY : ticks - last - this.frameTicks;
    if (this.frameTicks !== null && Math.abs(error) <= waver) {
      this.steadyFrames++;
      const placed = Math.round(last + this.frameTicks + error / 8);
      this.frameTicks += error / 64;
      return Math.max(placed, last + 1);
    }
    this.steadyFrames = 0;
    if (ticks - last > 1) this.frameTicks = Math.min(ticks - last, this.timescale);
    return Math.max(ticks, last + 1);
  }
}
