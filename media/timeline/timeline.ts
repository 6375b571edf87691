import type { AudioConfig, DecoderConfig, VideoConfig } from "../codec/decoder-config";
import { opusPacketSamples } from "../codec/opus";
import type { FlvUnit } from "../flv/flv-unit";
import { type AccessUnit, CLOCK_RATE } from "./access-unit";
import { AudioClock } from "./audio-clock";
import { FrameClock } from "./frame-clock";

const TICKS_PER_MS = CLOCK_RATE / 1000;
/** Further ahead of everything seen than this, or further back, the encoder's clock was set anew. One frame a second is no jump. */
const FORWARD_JUMP_MS = 1_500;
const BACKWARD_JUMP_MS = 500;
/** Tracks of one stream may come this far apart. */
const TRACK_SKEW_MS = 5_000;
/** For how long after a jump the other track's frames from before it may still come. */
const STRAGGLER_MS = 1_000;
/** What a new connection's first unit lies behind the last of the old one at the least. */
const RECONNECT_GAP_MS = 1_000;

/** Where a timeline begins: a second track may begin before the first one, and composition offsets may be negative. */
const BEGINNING_TICKS = 10 * CLOCK_RATE;

type Track = "video" | "audio";

/**
 * Puts an encoder's 32-bit millisecond times (RTMP 1.0 section 5.3.1.3) on the live session's own timeline, which never
 * goes back: wraps are unwrapped, jumps of the encoder's clock closed up, and connections laid behind each other.
 */
export class Timeline {
  private readonly lastMs: Record<Track, number | null> = { video: null, audio: null };
  private latestMs: number | null = null;
  private offsetMs = 0;
  private endTicks = BEGINNING_TICKS;
  private jumpCount = 0;
  private abandonedMs: number | null = null;
  private videoClock = new FrameClock(CLOCK_RATE, null);
  private audioClock = new AudioClock(CLOCK_RATE);
  private audio: AudioConfig | null = null;

  /** Frames a second as measured; null while they are not steady. */
  get frameRate(): number | null {
    return this.videoClock.frameRate;
  }

  /** How often the encoder's clock was set anew: what came before and after are no longer as far apart as they were sent. */
  get jumps(): number {
    return this.jumpCount;
  }

  configure(config: DecoderConfig, frameRate: number | null): void {
    if (config.track === "video") this.configureVideo(config, frameRate);
    else {
      this.audio = config;
      this.audioClock = new AudioClock(config.sampleRate, Math.ceil(this.audioClock.endSeconds * config.sampleRate));
    }
  }

  private configureVideo(config: VideoConfig, frameRate: number | null): void {
    const rate = config.frameRate ?? frameRate;
    this.videoClock = new FrameClock(CLOCK_RATE, rate ? CLOCK_RATE / rate : null, this.videoClock.floorTicks);
  }

  /** A new connection begins: its times have nothing to do with the last one's. @param gapMs time between the two */
  restart(gapMs: number): void {
    this.forgetSource();
    this.abandonedMs = null;
    if (this.endTicks > BEGINNING_TICKS) this.endTicks += Math.round(Math.max(gapMs, RECONNECT_GAP_MS) * TICKS_PER_MS);
  }

  /** @returns the unit on our timeline, or null for a straggler from before a jump of the encoder's clock. */
  place(unit: FlvUnit): AccessUnit | null {
    const sourceMs = this.unwrap(unit);
    if (sourceMs === null) return null;
    return unit.track === "video" ? this.placeVideo(unit, sourceMs) : this.placeAudio(unit, sourceMs);
  }

  private placeVideo(unit: FlvUnit, sourceMs: number): AccessUnit {
    const { ticks, durationTicks } = this.videoClock.place(Math.round((sourceMs + this.offsetMs) * TICKS_PER_MS));
    this.endTicks = Math.max(this.endTicks, ticks + Math.round(this.videoClock.expectedTicks));
    return {
      track: "video",
      dtsTicks: ticks,
      compositionOffsetTicks: this.videoClock.evenOffset(unit.compositionOffsetMs * TICKS_PER_MS),
      durationTicks,
      clockTicks: ticks,
      clockDurationTicks: durationTicks,
      isKeyFrame: unit.isKeyFrame,
      data: unit.data,
    };
  }

  private placeAudio(unit: FlvUnit, sourceMs: number): AccessUnit | null {
    if (!this.audio) return null;
    const { sampleRate, samplesPerUnit, codec } = this.audio;
    const samples = codec === "opus" ? opusPacketSamples(unit.data) || samplesPerUnit : samplesPerUnit;
    const ticks = this.audioClock.place(Math.round(((sourceMs + this.offsetMs) * sampleRate) / 1000), samples);
    if (ticks === null) return null;
    const clockTicks = Math.round((ticks * CLOCK_RATE) / sampleRate);
    const clockDurationTicks = Math.round((samples * CLOCK_RATE) / sampleRate);
    this.endTicks = Math.max(this.endTicks, clockTicks + clockDurationTicks);
    return {
      track: "audio",
      dtsTicks: ticks,
      compositionOffsetTicks: 0,
      durationTicks: samples,
      clockTicks,
      clockDurationTicks,
      isKeyFrame: true,
      data: unit.data,
    };
  }

  /** Milliseconds without the wrap at 2^32; begins a new stretch of time after a jump. */
  private unwrap(unit: FlvUnit): number | null {
    if (this.latestMs === null) return this.begin(unit);
    if (this.isStraggler(unit, this.latestMs)) return null;
    const reference = this.lastMs[unit.track] ?? this.latestMs;
    const ms = reference + ((unit.timestampMs - reference) | 0);
    if (this.isJump(ms, unit.track)) {
      this.jumpCount++;
      this.abandonedMs = this.latestMs;
      this.forgetSource();
      return this.begin(unit);
    }
    this.lastMs[unit.track] = ms;
    this.latestMs = Math.max(this.latestMs, ms);
    return ms;
  }

  private isJump(ms: number, track: Track): boolean {
    const last = this.lastMs[track];
    const latest = this.latestMs ?? ms;
    if (last !== null && ms < last - BACKWARD_JUMP_MS) return true;
    const mostAhead = last === null ? TRACK_SKEW_MS : FORWARD_JUMP_MS;
    return ms > latest + mostAhead || ms < latest - TRACK_SKEW_MS;
  }

  /** Belongs to the time before the last jump: the other track's last frames, still under way. */
  private isStraggler({ track, timestampMs }: FlvUnit, latestMs: number): boolean {
    if (this.abandonedMs === null || this.lastMs[track] !== null) return false;
    const fromOld = Math.abs((timestampMs - this.abandonedMs) | 0);
    return fromOld < STRAGGLER_MS && fromOld < Math.abs((timestampMs - latestMs) | 0);
  }

  private begin(unit: FlvUnit): number {
    const ms = unit.timestampMs >>> 0;
    this.offsetMs = this.endTicks / TICKS_PER_MS - ms;
    this.latestMs = ms;
    this.lastMs[unit.track] = ms;
    return ms;
  }

  private forgetSource(): void {
    this.latestMs = null;
    this.lastMs.video = null;
    this.lastMs.audio = null;
    this.videoClock.restart();
    this.audioClock.restart();
  }
}
