import { CLOCK_RATE } from "../timeline/access-unit";

/** Why a segment ended: at a key frame; for want of one; because the media changed or stopped. */
export type EndOfSegment = "key-frame" | "forced" | "discontinued";

/** How far off its interval a key frame may come and still be the expected one. */
const WAVER_TICKS = CLOCK_RATE / 200;

/**
 * When to end a segment. EXTINF rounded must not exceed EXT-X-TARGETDURATION (RFC 8216bis 4.4.3.1), which is fixed before
 * the first key-frame interval is known: so a segment that finds no key frame in time ends without one.
 */
export class SegmentRule {
  /** The longest segment: it still rounds to the target. */
  readonly mostTicks: number;
  private lastKeyFrameTicks = 0;
  private keyFrameIntervalTicks = 0;

  constructor(private readonly targetSeconds: number) {
    this.mostTicks = Math.round((targetSeconds + 0.45) * CLOCK_RATE);
  }

  /** Tells the rule of each key frame, in order. */
  noteKeyFrame(clockTicks: number): void {
    if (this.lastKeyFrameTicks) this.keyFrameIntervalTicks = clockTicks - this.lastKeyFrameTicks;
    this.lastKeyFrameTicks = clockTicks;
  }

  /** True when the segment should end at a key frame `elapsedTicks` after its start: the next one would come too late. */
  endsAtKeyFrame(elapsedTicks: number): boolean {
    const next = elapsedTicks + (this.keyFrameIntervalTicks || elapsedTicks);
    return next > this.targetSeconds * CLOCK_RATE * 1.125;
  }

  /**
   * True when the segment must end at `atTicks`, without a key frame. Where one may still come in time, that is only when
   * not even one more frame fits; where none will, as soon as no whole part does.
   */
  mustEnd(startTicks: number, atTicks: number, partTicks: number, frameTicks: number): boolean {
    const latest = startTicks + this.mostTicks;
    if (atTicks + Math.max(frameTicks, 1) > latest) return true;
    return atTicks + partTicks > latest && !this.mayFindKeyFrame(atTicks, latest);
  }

  /** True when, by the last key-frame interval, a key frame that ends the segment comes `elapsedTicks` after its start. */
  expectsEndAt(clockTicks: number, elapsedTicks: number): boolean {
    if (!this.keyFrameIntervalTicks) return false;
    const off = Math.abs(clockTicks - this.lastKeyFrameTicks - this.keyFrameIntervalTicks);
    return off < WAVER_TICKS && this.endsAtKeyFrame(elapsedTicks);
  }

  get lastKeyFrameAtTicks(): number {
    return this.lastKeyFrameTicks;
  }

  restart(): void {
    this.lastKeyFrameTicks = 0;
    this.keyFrameIntervalTicks = 0;
  }

  private mayFindKeyFrame(fromTicks: number, toTicks: number): boolean {
    if (!this.keyFrameIntervalTicks) return true;
    const next = this.lastKeyFrameTicks + this.keyFrameIntervalTicks;
    return next > fromTicks - WAVER_TICKS && next <= toTicks;
  }
}
