import { type AccessUnit, CLOCK_RATE } from "../timeline/access-unit";
import { OpenPart } from "./open-part";
import type { Cut, Part } from "./part";
import { choosePartTarget, LEAST_PART_SHARE, usualFrameTicks } from "./part-target";
import { type EndOfSegment, SegmentRule } from "./segment-rule";

export type SegmenterOptions = {
  hasVideo: boolean;
  /** What PART-TARGET should be about. */
  partTargetSeconds: number;
  /** EXT-X-TARGETDURATION. */
  targetDurationSeconds: number;
};

/**
 * Cuts access units into parts and segments. The picture's frames decide where a part ends; sound goes into whichever part
 * is open when it comes. Where no frame lies between 85 % and 100 % of the part target (a variable frame rate), the part
 * ends in the middle of a frame's time: its stated duration is right, its last frame is shown into the next one's.
 */
export class Segmenter {
  private readonly rule: SegmentRule;
  private partTarget: number | null = null;
  private frameTicks: number | null = null;
  private open: OpenPart;
  /** The newest frame while its duration isn't known. */
  private held: AccessUnit | null = null;
  private isStarted = false;
  private msn = 0;
  private partIndex = 0;
  private segmentStart = 0;
  private segmentIsIndependent = false;
  private cuts: Cut[] = [];

  constructor(private options: SegmenterOptions) {
    this.rule = new SegmentRule(options.targetDurationSeconds);
    this.open = new OpenPart(0);
  }

  /** On the 90 kHz clock; null until the first part is closed, and then never changed. */
  get partTargetTicks(): number | null {
    return this.partTarget;
  }

  /** When the newest key frame came, on the 90 kHz clock. */
  get lastKeyFrameTicks(): number {
    return this.rule.lastKeyFrameAtTicks;
  }

  /** Where the next part is expected to stand, for EXT-X-PRELOAD-HINT. */
  get next(): { msn: number; partIndex: number } {
    const endsHere = this.rule.expectsEndAt(this.open.startTicks, this.open.startTicks - this.segmentStart);
    const isEmpty = !this.open.hasVideo && this.partIndex > 0;
    return endsHere && isEmpty ? { msn: this.msn + 1, partIndex: 0 } : { msn: this.msn, partIndex: this.partIndex };
  }

  /** Takes the next access unit, in the order of its coming. @returns what was closed by it */
  push(unit: AccessUnit): Cut[] {
    this.cuts = [];
    if (!this.isStarted && !this.start(unit)) return [];
    if (unit.track === "video") this.pushVideo(unit);
    else this.pushAudio(unit);
    return this.cuts;
  }

  /** Closes what is open: the media ends or changes. What comes next begins a new segment at its first key frame. */
  discontinue(): Cut[] {
    this.cuts = [];
    if (!this.isStarted) return [];
    const end = this.held ? this.held.clockTicks + this.durationOf(this.held) : this.open.endTicks;
    if (this.held) this.open.add(this.held, this.durationOf(this.held));
    this.held = null;
    this.cutAtTarget(end);
    this.closePart(Math.max(end, this.open.startTicks + 1));
    this.closeSegment("discontinued", end);
    this.isStarted = false;
    this.rule.restart();
    return this.cuts;
  }

  /** After `discontinue`: whether the media that comes next has pictures. */
  changeTracks(hasVideo: boolean): void {
    this.options = { ...this.options, hasVideo };
    this.frameTicks = null;
  }

  private start(unit: AccessUnit): boolean {
    if (this.options.hasVideo && !(unit.track === "video" && unit.isKeyFrame)) return false;
    this.isStarted = true;
    this.beginSegment(unit.clockTicks, true);
    return true;
  }

  private pushVideo(unit: AccessUnit): void {
    const at = unit.clockTicks;
    if (this.held) {
      this.frameTicks = at - this.held.clockTicks;
      this.open.add(this.held, unit.dtsTicks - this.held.dtsTicks);
      this.held = null;
    }
    if (unit.isKeyFrame && at > this.segmentStart && this.rule.endsAtKeyFrame(at - this.segmentStart)) {
      this.endAtKeyFrame(at);
    } else this.cutIfDue(at);
    if (unit.isKeyFrame) this.rule.noteKeyFrame(at);
    this.held = unit;
    if (unit.durationTicks !== null) this.closeAhead(unit, unit.durationTicks);
  }

  /** Sound that came since the last part closed goes with the new segment: a part of its own would be shorter than a frame. */
  private endAtKeyFrame(at: number): void {
    this.cutAtTarget(at);
    const elapsed = at - this.open.startTicks;
    if (this.open.hasVideo || elapsed > (this.partTarget ?? 0) / 2) this.closePart(at);
    this.closeSegment("key-frame", at);
  }

  /** A steady frame's end is known when it comes: a part that ends with it need not wait for the next one. */
  private closeAhead(unit: AccessUnit, durationTicks: number): void {
    const end = unit.clockTicks + durationTicks;
    this.frameTicks = durationTicks;
    if (!this.isDueAt(end)) return;
    this.open.add(unit, durationTicks);
    this.held = null;
    this.cutIfDue(end);
  }

  private pushAudio(unit: AccessUnit): void {
    if (!this.options.hasVideo) this.cutSoundOnly(unit.clockTicks);
    else if (this.partTarget !== null && unit.clockTicks > this.open.startTicks + 2 * this.partTarget) {
      // The picture stands still: let the sound go on. Tracks of a healthy stream come closer together than a part.
      this.cutAtTarget(unit.clockTicks - this.partTarget);
    }
    this.open.add(unit, unit.durationTicks ?? 0);
  }

  private cutSoundOnly(at: number): void {
    if (at <= this.open.startTicks) return;
    this.frameTicks ??= at - this.open.startTicks;
    this.cutIfDue(at);
    const elapsed = this.open.startTicks - this.segmentStart;
    if (elapsed >= this.options.targetDurationSeconds * CLOCK_RATE)
      this.closeSegment("key-frame", this.open.startTicks);
  }

  private isDueAt(at: number): boolean {
    const elapsed = at - this.open.startTicks;
    const frame = this.frameTicks ?? 0;
    if (this.partTarget === null) return elapsed + frame / 2 > this.options.partTargetSeconds * CLOCK_RATE;
    return elapsed >= LEAST_PART_SHARE * this.partTarget && elapsed + frame > this.partTarget + 1;
  }

  private cutIfDue(at: number): void {
    this.cutAtTarget(at);
    if (this.isDueAt(at)) this.closePart(at);
    this.endSegmentForWantOfKeyFrame();
  }

  private endSegmentForWantOfKeyFrame(): void {
    const at = this.open.startTicks;
    const isTooLong = this.rule.mustEnd(at - this.segmentStart, this.partTarget ?? 0);
    if (isTooLong && this.partIndex > 0 && this.options.hasVideo) this.closeSegment("forced", at);
  }

  /** Closes parts at exactly the target while `at` lies beyond it. */
  private cutAtTarget(at: number): void {
    while (this.partTarget !== null && at - this.open.startTicks > this.partTarget) {
      if (this.open.isEmpty) {
        // Nothing to close: time passes without media, and the next part begins where it comes again.
        this.open.startTicks = at;
        return;
      }
      this.closePart(this.open.startTicks + this.partTarget);
      this.endSegmentForWantOfKeyFrame();
    }
  }

  private closePart(at: number): void {
    if (this.open.isEmpty) {
      this.open.startTicks = at;
      return;
    }
    this.partTarget ??= this.firstPartTarget(at);
    const isIndependent = this.options.hasVideo ? this.open.beginsWithKeyFrame : true;
    const part: Part = {
      msn: this.msn,
      partIndex: this.partIndex++,
      video: this.open.video,
      audio: this.open.audio,
      startTicks: this.open.startTicks,
      durationTicks: Math.min(at - this.open.startTicks, this.partTarget),
      isIndependent,
    };
    if (part.partIndex === 0) this.segmentIsIndependent = isIndependent;
    this.cuts.push({ kind: "part", part });
    this.open = new OpenPart(at);
  }

  private firstPartTarget(at: number): number {
    const frames = this.options.hasVideo ? this.open.video.length : this.open.audio.length;
    const wish = this.options.partTargetSeconds * CLOCK_RATE;
    return choosePartTarget(wish, frames ? usualFrameTicks((at - this.open.startTicks) / frames) : wish);
  }

  private closeSegment(end: EndOfSegment, at: number): void {
    if (this.partIndex === 0) return;
    const segment = {
      msn: this.msn,
      durationTicks: at - this.segmentStart,
      isIndependent: this.segmentIsIndependent,
      end,
    };
    this.cuts.push({ kind: "segment", segment });
    this.msn++;
    this.beginSegment(at, false);
  }

  private beginSegment(at: number, isFirst: boolean): void {
    this.segmentStart = at;
    this.partIndex = 0;
    if (isFirst) this.open = new OpenPart(at);
    else this.open.startTicks = at;
  }

  private durationOf(unit: AccessUnit): number {
    return unit.durationTicks ?? this.frameTicks ?? CLOCK_RATE / 30;
  }
}
