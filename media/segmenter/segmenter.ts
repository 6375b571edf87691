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

const TICKS_PER_MS = CLOCK_RATE / 1000;
/** No part is shorter than this: a scrap of time without a whole frame goes with what comes next. */
const LEAST_PART_TICKS = CLOCK_RATE / 100;

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
  /** Not 0: a player may want to put something before the first segment. */
  private msn = 1;
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

  /** Bytes of access units that are in no closed part yet. */
  get openBytes(): number {
    return this.open.sizeBytes + (this.held?.data.length ?? 0);
  }

  /** Closes what is open: the media ends or changes. What comes next begins a new segment at its first key frame. */
  discontinue(): Cut[] {
    this.cuts = [];
    if (!this.isStarted) return [];
    this.releaseHeld(null);
    this.cutAtTarget(this.open.endTicks);
    if (!this.open.isEmpty) this.closePart(Math.max(this.open.endTicks, this.open.startTicks + LEAST_PART_TICKS));
    this.closeSegment("discontinued");
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
    this.open = new OpenPart(unit.clockTicks);
    this.segmentStart = unit.clockTicks;
    return true;
  }

  private pushVideo(unit: AccessUnit): void {
    const at = unit.clockTicks;
    if (this.held) this.frameTicks = at - this.held.clockTicks;
    this.releaseHeld(unit);
    const isEnd = unit.isKeyFrame && at > this.segmentStart && this.rule.endsAtKeyFrame(at - this.segmentStart);
    if (isEnd) this.endAtKeyFrame(at);
    else this.cutIfDue(at);
    if (unit.isKeyFrame) this.rule.noteKeyFrame(at);
    this.held = unit;
    if (unit.durationTicks !== null) this.closeAhead(unit, unit.durationTicks);
  }

  /** The newest frame goes into the open part: it lasts until `next`, or as long as frames do. */
  private releaseHeld(next: AccessUnit | null): void {
    const { held } = this;
    if (!held) return;
    this.held = null;
    const ticks = next ? next.dtsTicks - held.dtsTicks : (held.durationTicks ?? this.frameTicks ?? CLOCK_RATE / 30);
    this.open.add(held, ticks, ticks);
  }

  /** Sound that came since the last part closed goes with the new segment: a part of its own would be shorter than a frame. */
  private endAtKeyFrame(at: number): void {
    this.cutAtTarget(at);
    const { open } = this;
    if (open.hasVideo || at - open.startTicks > LEAST_PART_TICKS) {
      // Sound may be ahead of the picture, and may have taken the parts with it.
      const longest = Math.min(open.startTicks + (this.partTarget ?? 0), this.segmentStart + this.rule.mostTicks);
      const soFar = Math.min(open.endTicks, longest);
      this.closePart(Math.max(at, soFar, open.startTicks + LEAST_PART_TICKS));
    }
    this.closeSegment("key-frame");
  }

  /** A steady frame's end is known when it comes: a part that ends with it need not wait for the next one. */
  private closeAhead(unit: AccessUnit, durationTicks: number): void {
    const end = unit.clockTicks + durationTicks;
    this.frameTicks = durationTicks;
    if (!this.isDueAt(end)) return;
    this.releaseHeld(null);
    this.cutIfDue(end);
  }

  private pushAudio(unit: AccessUnit): void {
    const at = unit.clockTicks;
    if (!this.options.hasVideo) this.cutSoundOnly(at);
    else if (this.partTarget !== null && at > this.open.startTicks + 2 * this.partTarget) {
      // The picture stands still: let the sound go on. Tracks of a healthy stream come closer together than a part.
      this.releaseHeld(null);
      this.cutAtTarget(at - this.partTarget);
    }
    this.open.add(unit, unit.durationTicks ?? 0, unit.clockDurationTicks ?? 0);
  }

  private cutSoundOnly(at: number): void {
    if (at <= this.open.startTicks) return;
    this.frameTicks ??= at - this.open.startTicks;
    this.cutIfDue(at);
    const elapsed = this.open.startTicks - this.segmentStart;
    if (elapsed >= this.options.targetDurationSeconds * CLOCK_RATE) this.closeSegment("key-frame");
  }

  private isDueAt(at: number): boolean {
    const elapsed = at - this.open.startTicks;
    const frame = this.frameTicks ?? 0;
    if (this.partTarget === null) return elapsed + frame / 2 > this.options.partTargetSeconds * CLOCK_RATE;
    if (at + frame > this.segmentStart + this.rule.mostTicks) return true;
    return elapsed >= LEAST_PART_SHARE * this.partTarget && elapsed + frame > this.partTarget + 1;
  }

  private cutIfDue(at: number): void {
    this.cutAtTarget(at);
    if (this.isDueAt(at) && at > this.open.startTicks) {
      this.partTarget ??= this.targetThatFits(at);
      this.closePart(at);
    }
    this.endSegmentIfItMust();
  }

  private endSegmentIfItMust(): void {
    const part = this.partTarget ?? 0;
    if (this.rule.mustEnd(this.segmentStart, this.open.startTicks, part, this.frameTicks ?? 0)) {
      this.closeSegment(this.options.hasVideo ? "forced" : "key-frame");
    }
  }

  /** Closes parts at exactly the target, and the segment at exactly its longest, while `at` lies beyond them. */
  private cutAtTarget(at: number): void {
    while (this.partTarget !== null) {
      const limit = Math.min(this.open.startTicks + this.partTarget, this.segmentStart + this.rule.mostTicks);
      if (at <= limit) return;
      if (this.open.isEmpty) {
        this.skipTo(at);
        return;
      }
      this.closePart(limit);
      this.endSegmentIfItMust();
    }
  }

  /** Time passes without media. A segment's parts add up to it, so the segment ends before that time and the next begins after it. */
  private skipTo(at: number): void {
    this.closeSegment("forced");
    this.open.startTicks = at;
    this.segmentStart = at;
  }

  private closePart(at: number): void {
    if (this.open.isEmpty) return;
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
    this.open = new OpenPart(part.startTicks + part.durationTicks);
  }

  /** The first part, too, lasts at least 85 % of PART-TARGET. */
  private targetThatFits(at: number): number {
    const target = this.firstPartTarget(at);
    const elapsed = at - this.open.startTicks;
    return elapsed >= LEAST_PART_SHARE * target ? target : Math.ceil(elapsed / TICKS_PER_MS) * TICKS_PER_MS;
  }

  private firstPartTarget(at: number): number {
    const frames = this.options.hasVideo ? this.open.video.length : this.open.audio.length;
    const wish = this.options.partTargetSeconds * CLOCK_RATE;
    const target = choosePartTarget(wish, frames ? usualFrameTicks((at - this.open.startTicks) / frames) : wish);
    return Math.min(target, this.options.targetDurationSeconds * CLOCK_RATE);
  }

  /** Ends the segment where its last part ended; what is open already belongs to the next one. */
  private closeSegment(end: EndOfSegment): void {
    if (this.partIndex === 0) return;
    const at = this.open.startTicks;
    const durationTicks = at - this.segmentStart;
    const segment = { msn: this.msn, durationTicks, isIndependent: this.segmentIsIndependent, end };
    this.cuts.push({ kind: "segment", segment });
    this.msn++;
    this.segmentStart = at;
    this.partIndex = 0;
  }
}
