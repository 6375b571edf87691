import type { AudioConfig, DecoderConfig, VideoConfig } from "../codec/decoder-config";
import type { FlvUnit, StreamMetadata } from "../flv/flv-unit";

/** How long the first picture waits for a sound track that nothing announces (and the other way round), in ms of arrival. */
const PATIENCE_MS = 300;
/** The same where onMetaData announces it. */
const ANNOUNCED_PATIENCE_MS = 1_500;
const MOST_UNITS = 400;

type EarlyUnit = { unit: FlvUnit; arrivalMs: number };
export type SettlementVerdict = { kind: "wait" } | { kind: "no-config" } | { kind: "settled"; units: EarlyUnit[] };

/**
 * Finds out which tracks a connection brings. The initialization section names them all, so it can't be written before that;
 * encoders send every sequence header before the first frame, and for those this waits for nothing.
 */
export class TrackSettlement {
  private video: VideoConfig | null = null;
  private audio: AudioConfig | null = null;
  private announced: StreamMetadata = { hasVideo: null, hasAudio: null, frameRate: null };
  private readonly early: EarlyUnit[] = [];

  get found(): { video: VideoConfig | null; audio: AudioConfig | null } {
    return { video: this.video, audio: this.audio };
  }

  /** What onMetaData announces. */
  expect(metadata: StreamMetadata): void {
    if (metadata.hasVideo !== null || metadata.hasAudio !== null) this.announced = metadata;
  }

  add(config: DecoderConfig): void {
    if (config.track === "video") this.video = config;
    else this.audio = config;
  }

  /** Keeps a unit until it is known which tracks there are. */
  offer(unit: FlvUnit, arrivalMs: number): SettlementVerdict {
    this.early.push({ unit, arrivalMs });
    const waitedMs = arrivalMs - (this.early[0]?.arrivalMs ?? arrivalMs);
    const isOut = this.early.length >= MOST_UNITS;
    if (!isOut && !this.isComplete(waitedMs)) return { kind: "wait" };
    return this.video || this.audio ? { kind: "settled", units: this.early } : { kind: "no-config" };
  }

  private isComplete(waitedMs: number): boolean {
    if (this.video && this.audio) return true;
    const isOtherAnnounced = this.video ? this.announced.hasAudio : this.announced.hasVideo;
    if (!this.video && !this.audio) return waitedMs > ANNOUNCED_PATIENCE_MS;
    if (isOtherAnnounced === false) return true;
    return waitedMs > (isOtherAnnounced ? ANNOUNCED_PATIENCE_MS : PATIENCE_MS);
  }
}
