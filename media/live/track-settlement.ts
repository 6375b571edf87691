import type { AudioConfig, DecoderConfig, VideoConfig } from "../codec/decoder-config";
import type { FlvUnit, StreamMetadata } from "../flv/flv-unit";

/** How long the first picture waits for a sound track that nothing announces (and the other way round), in ms of arrival. */
const PATIENCE_MS = 300;
/** The same where onMetaData or a sequence header announces it. */
const ANNOUNCED_PATIENCE_MS = 1_500;
const MOST_UNITS = 400;
/** As long as a track is waited for, every early unit is held in memory. */
const MOST_BYTES = 16 * 2 ** 20;

type Track = FlvUnit["track"];
type EarlyUnit = { unit: FlvUnit; arrivalMs: number };
export type SettlementVerdict = { kind: "wait" } | { kind: "no-config" } | { kind: "settled"; units: EarlyUnit[] };

/**
 * Finds out which tracks a connection brings. The initialization section names them all, so it can't be written before that.
 * A track is there when its first unit is: a Media Source plays nothing of a picture whose announced sound has not begun
 * (its `buffered` is what all tracks have), and an encoder may send all headers at once and the sound seconds later.
 */
export class TrackSettlement {
  private readonly configs: { video: VideoConfig | null; audio: AudioConfig | null } = { video: null, audio: null };
  private readonly begun = new Set<Track>();
  private announced: StreamMetadata = { hasVideo: null, hasAudio: null, frameRate: null };
  private readonly early: EarlyUnit[] = [];
  private earlyBytes = 0;

  /** The tracks that have begun. */
  get found(): { video: VideoConfig | null; audio: AudioConfig | null } {
    return {
      video: this.begun.has("video") ? this.configs.video : null,
      audio: this.begun.has("audio") ? this.configs.audio : null,
    };
  }

  /** Media that waits here; 0 once it has been handed over. */
  get heldBytes(): number {
    return this.earlyBytes;
  }

  /** What onMetaData announces. */
  expect(metadata: StreamMetadata): void {
    if (metadata.hasVideo !== null || metadata.hasAudio !== null) this.announced = metadata;
  }

  add(config: DecoderConfig): void {
    if (config.track === "video") this.configs.video = config;
    else this.configs.audio = config;
  }

  /** Tells of a unit of this track. @returns true when it is the first of a track with a configuration */
  note(track: Track): boolean {
    if (this.begun.has(track) || !this.configs[track]) return false;
    this.begun.add(track);
    return true;
  }

  /** Keeps a unit until it is known which tracks there are. */
  offer(unit: FlvUnit, arrivalMs: number): SettlementVerdict {
    this.note(unit.track);
    this.early.push({ unit, arrivalMs });
    this.earlyBytes += unit.data.length;
    const waitedMs = arrivalMs - (this.early[0]?.arrivalMs ?? arrivalMs);
    const isOut = this.early.length >= MOST_UNITS || this.earlyBytes > MOST_BYTES;
    if (!isOut && !this.isComplete(waitedMs)) return { kind: "wait" };
    this.earlyBytes = 0;
    return this.begun.size > 0 ? { kind: "settled", units: this.early.splice(0) } : { kind: "no-config" };
  }

  private isComplete(waitedMs: number): boolean {
    if (this.begun.size === 2) return true;
    if (this.begun.size === 0) return waitedMs > ANNOUNCED_PATIENCE_MS;
    return waitedMs >= this.patienceMs(this.begun.has("video") ? "audio" : "video");
  }

  private patienceMs(missing: Track): number {
    if (this.configs[missing]) return ANNOUNCED_PATIENCE_MS;
    const isAnnounced = missing === "audio" ? this.announced.hasAudio : this.announced.hasVideo;
    if (isAnnounced === false) return 0;
    return isAnnounced ? ANNOUNCED_PATIENCE_MS : PATIENCE_MS;
  }
}
