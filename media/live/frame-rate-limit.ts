import { CLOCK_RATE } from "../timeline/access-unit";

/** Twice what players show; no encoder of a broadcast makes more. */
export const MOST_FRAMES_PER_SECOND = 240;
/** A leaky bucket so many seconds deep, on the media's own clock: a burst passes, and so does a clock that wavers. */
const BUCKET_SECONDS = 2;
const WAVER = 1.02;

/** Tells when a picture track has had more frames than its time can hold, be it a real rate or a clock that stands still. */
export class FrameRateLimit {
  private frames = 0;
  private lastTicks: number | null = null;

  /** @param clockTicks of the next frame, 90 kHz @returns false when there have been too many for too long */
  add(clockTicks: number): boolean {
    const passedTicks = Math.max(0, clockTicks - (this.lastTicks ?? clockTicks));
    const gone = (passedTicks / CLOCK_RATE) * MOST_FRAMES_PER_SECOND * WAVER;
    this.lastTicks = clockTicks;
    this.frames = Math.max(0, this.frames - gone) + 1;
    return this.frames <= MOST_FRAMES_PER_SECOND * BUCKET_SECONDS;
  }
}
