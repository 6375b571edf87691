import type { AudioConfig, DecoderConfig, VideoConfig } from "../codec/decoder-config";
import { isSameConfig } from "../codec/decoder-config";
import type { FlvEvent, FlvUnit } from "../flv/flv-unit";
import { type FlvMessage, readFlvMessage } from "../flv/read-flv-message";
import { fragment } from "../fmp4/fragment";
import { initSection } from "../fmp4/init-section";
import type { Cut, Part } from "../segmenter/part";
import { Segmenter } from "../segmenter/segmenter";
import { CLOCK_RATE } from "../timeline/access-unit";
import { Timeline } from "../timeline/timeline";
import { ArrivalClock } from "./arrival-clock";
import { ChangeBudget } from "./change-budget";
import { FrameRateLimit, MOST_FRAMES_PER_SECOND } from "./frame-rate-limit";
import { TrackSettlement } from "./track-settlement";

/** A part as it goes into the window. */
export type PackagedPart = {
  msn: number;
  partIndex: number;
  bytes: Buffer;
  durationSeconds: number;
  isIndependent: boolean;
  /** Arrival of its first picture, ms since 1970. */
  startMs: number;
};

/** The part that is expected next, for EXT-X-PRELOAD-HINT. */
type NextPart = { msn: number; partIndex: number };

/** Where the stages' results go. */
export type PipelineSink = {
  /** Comes before the first part that needs it. */
  init(bytes: Buffer, tracks: PipelineTracks): void;
  /** What comes next does not follow on from what came before. */
  discontinuity(): void;
  part(part: PackagedPart, partTargetSeconds: number, next: NextPart): void;
  segment(msn: number, durationSeconds: number, next: NextPart): void;
};

export type PipelineTracks = { video: VideoConfig | null; audio: AudioConfig | null };

/** Why a stream can't go on; `detail` is for the streamer. */
export type PipelineFault = {
  reason: "unsupported-codec" | "invalid-media" | "no-key-frames" | "frame-rate-too-high";
  detail: string;
};

export type PipelineOptions = { partTargetSeconds: number; targetDurationSeconds: number; sink: PipelineSink };

const LONGEST_WITHOUT_KEY_FRAME = 20 * CLOCK_RATE;
/** At 60 Mbit/s two seconds and more: so much in one part means that the encoder's clock stands still. */
const MOST_OPEN_BYTES = 16 * 2 ** 20;

/** The stages of one live session in their order: FLV, timeline, segmenter, fragments. Connections come and go, it stays. */
export class LivePipeline {
  private readonly timeline = new Timeline();
  private readonly arrival = new ArrivalClock();
  private readonly segmenter: Segmenter;
  private settlement = new TrackSettlement();
  private tracks: PipelineTracks = { video: null, audio: null };
  private frameRate: number | null = null;
  private readonly changes = new ChangeBudget();
  private readonly frameRateLimit = new FrameRateLimit();
  private isChangePending = false;
  private seenJumps = 0;
  private fragments = 0;
  private isSettled = false;
  private firstUnitTicks: number | null = null;

  constructor(private readonly options: PipelineOptions) {
    this.segmenter = new Segmenter({ ...options, hasVideo: true });
  }

  /** What is packaged now. */
  get current(): PipelineTracks & { frameRate: number | null } {
    const measured = this.timeline.frameRate;
    return { ...this.tracks, frameRate: measured ?? this.tracks.video?.frameRate ?? this.frameRate };
  }

  /**
   * Takes the next message. @param arrivalMs when it came, ms since 1970
   * @throws CodecError when a decoder configuration is malformed
   * @returns why the stream can't go on, or null
   */
  push(message: FlvMessage, arrivalMs: number): PipelineFault | null {
    const event = readFlvMessage(message);
    switch (event.kind) {
      case "unsupported":
        return { reason: "unsupported-codec", detail: event.codec };
      case "metadata":
        this.frameRate = event.metadata.frameRate ?? this.frameRate;
        this.settlement.expect(event.metadata);
        return null;
      case "config":
        return this.configure(event.config, arrivalMs);
      case "unit":
        return this.take(event, arrivalMs);
      case "nothing":
        return null;
    }
  }

  /** Media held that is in no part yet. */
  get heldBytes(): number {
    return this.segmenter.openBytes + this.settlement.heldBytes;
  }

  /** The connection has ended; what is open is closed, and a new connection may follow. */
  pause(): void {
    this.emit(this.segmenter.discontinue());
    this.settlement = new TrackSettlement();
    this.isSettled = false;
    this.isChangePending = false;
    this.firstUnitTicks = null;
  }

  /** A new connection begins. @param gapMs time since the last one ended */
  resume(gapMs: number): void {
    this.timeline.restart(gapMs);
    this.arrival.restart();
    this.options.sink.discontinuity();
  }

  private configure(config: DecoderConfig, arrivalMs: number): PipelineFault | null {
    this.settlement.add(config);
    return this.isSettled ? this.compareTracks(arrivalMs) : null;
  }

  /** Whether what is packaged still is what comes. */
  private compareTracks(arrivalMs: number): PipelineFault | null {
    const { video, audio } = this.settlement.found;
    this.isChangePending = !isSameConfig(video, this.tracks.video) || !isSameConfig(audio, this.tracks.audio);
    // Where the picture goes on as it was, or is new, the change waits for a key frame, so that nothing is lost before it.
    const waitsForKeyFrame = video !== null && (isSameConfig(video, this.tracks.video) || this.tracks.video === null);
    return this.isChangePending && !waitsForKeyFrame ? this.change(arrivalMs) : null;
  }

  private change(arrivalMs: number): PipelineFault | null {
    this.isChangePending = false;
    this.firstUnitTicks = null;
    this.emit(this.segmenter.discontinue());
    this.options.sink.discontinuity();
    return this.settle(arrivalMs);
  }

  private take(event: Extract<FlvEvent, { kind: "unit" }>, arrivalMs: number): PipelineFault | null {
    if (this.isSettled) {
      const isNewTrack = this.settlement.note(event.unit.track);
      return (isNewTrack ? this.compareTracks(arrivalMs) : null) ?? this.package(event.unit, arrivalMs);
    }
    const verdict = this.settlement.offer(event.unit, arrivalMs);
    if (verdict.kind === "wait") return null;
    if (verdict.kind === "no-config") return { reason: "invalid-media", detail: "media without a sequence header" };
    let fault = this.settle(arrivalMs);
    for (const early of verdict.units) fault ??= this.package(early.unit, early.arrivalMs);
    return fault;
  }

  /** Fixes which tracks there are and announces them, if they aren't what they were. */
  private settle(arrivalMs: number): PipelineFault | null {
    const { video, audio } = this.settlement.found;
    this.isSettled = true;
    const isSame = isSameConfig(video, this.tracks.video) && isSameConfig(audio, this.tracks.audio);
    if (isSame) return null;
    if (!this.changes.take(arrivalMs)) {
      return { reason: "invalid-media", detail: "the decoder configuration changes all the time" };
    }
    if (video && !isSameConfig(video, this.tracks.video)) this.timeline.configure(video, this.frameRate);
    if (audio && !isSameConfig(audio, this.tracks.audio)) this.timeline.configure(audio, null);
    this.tracks = { video, audio };
    this.segmenter.changeTracks(video !== null);
    this.options.sink.init(initSection(this.tracks), this.tracks);
    return null;
  }

  private package(flvUnit: FlvUnit, arrivalMs: number): PipelineFault | null {
    if (this.isChangePending) {
      const isKeyFrame = flvUnit.track === "video" && flvUnit.isKeyFrame;
      const fault = isKeyFrame ? this.change(arrivalMs) : null;
      if (fault) return fault;
      if (this.isChangePending && !isSameConfig(this.settlement.found[flvUnit.track], this.tracks[flvUnit.track])) {
        return null; // of the new configuration, which viewers have not got yet
      }
    }
    if (!this.tracks[flvUnit.track]) return null;
    const unit = this.timeline.place(flvUnit);
    if (!unit) return null;
    if (unit.track === "video" && !this.frameRateLimit.add(unit.clockTicks)) {
      return { reason: "frame-rate-too-high", detail: `more than ${MOST_FRAMES_PER_SECOND} frames a second` };
    }
    this.noteArrival(unit.clockTicks, arrivalMs);
    this.emit(this.segmenter.push(unit));
    return this.faultAt(unit.clockTicks);
  }

  private noteArrival(clockTicks: number, arrivalMs: number): void {
    if (this.timeline.jumps !== this.seenJumps) {
      // The timeline has closed up a jump of the encoder's clock; dates must not.
      this.seenJumps = this.timeline.jumps;
      this.arrival.restart();
    }
    this.arrival.note(clockTicks, arrivalMs);
  }

  private faultAt(clockTicks: number): PipelineFault | null {
    if (this.segmenter.openBytes > MOST_OPEN_BYTES) {
      return { reason: "invalid-media", detail: "the encoder's clock stands still" };
    }
    this.firstUnitTicks ??= clockTicks;
    if (!this.tracks.video) return null;
    const since = clockTicks - Math.max(this.firstUnitTicks, this.segmenter.lastKeyFrameTicks);
    return since > LONGEST_WITHOUT_KEY_FRAME
      ? { reason: "no-key-frames", detail: "no key frame for 20 seconds" }
      : null;
  }

  private emit(cuts: Cut[]): void {
    cuts.forEach((cut, i) => {
      // What closes together is announced one after the other: each part's hint is the one that comes right behind it.
      const next = nextPart(cuts, i) ?? this.segmenter.next;
      if (cut.kind === "part") this.emitPart(cut.part, next);
      else this.options.sink.segment(cut.segment.msn, cut.segment.durationTicks / CLOCK_RATE, next);
    });
  }

  private emitPart(part: Part, next: NextPart): void {
    const target = this.segmenter.partTargetTicks ?? part.durationTicks;
    const { msn, partIndex, isIndependent } = part;
    const bytes = fragment(++this.fragments, part.video, part.audio);
    const startMs = this.arrival.timeOf(part.startTicks, partIndex === 0);
    const durationSeconds = part.durationTicks / CLOCK_RATE;
    const packaged = { msn, partIndex, bytes, durationSeconds, isIndependent, startMs };
    this.options.sink.part(packaged, target / CLOCK_RATE, next);
  }
}

function nextPart(cuts: Cut[], index: number): NextPart | null {
  for (let i = index + 1; i < cuts.length; i++) {
    const cut = cuts[i];
    if (cut?.kind === "part") return { msn: cut.part.msn, partIndex: cut.part.partIndex };
  }
  return null;
}
