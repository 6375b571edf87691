import { randomBytes } from "node:crypto";
import path from "node:path";
import type { Logger } from "pino";
import type { OriginRegistry, Playback } from "../origin/origin-registry";
import { MEDIA_PLAYLIST } from "../origin/route";
import { SegmentStore } from "../origin/segment-store";
import { StreamWindow } from "../origin/stream-window";
import { multivariantPlaylist } from "../playlist/multivariant-playlist";
import { usualFrameTicks } from "../segmenter/part-target";
import { CLOCK_RATE } from "../timeline/access-unit";
import type { PackagedPart, PipelineSink, PipelineTracks } from "./live-pipeline";

export type WindowSettings = {
  targetDurationSeconds: number;
  limitSeconds: number;
  limitBytes: number;
  memorySeconds: number;
  /** Folder for the segments on disk. */
  folder: string;
};

export type PlaybackWindowOptions = {
  handle: string;
  settings: WindowSettings;
  registry: OriginRegistry;
  log: Logger;
  frameRate(): number | null;
  /** A part is there, the first of the broadcast or one more: the channel can be watched. */
  onPlayable(): void;
};

/** The pipeline's results as a playback of the origin, which begins with the first part: only then is PART-TARGET known. */
export class PlaybackWindow implements PipelineSink {
  /** Never used again, so that no cache can serve an older broadcast. */
  readonly playbackId = randomBytes(8).toString("hex");
  private readonly pendingInits: Buffer[] = [];
  private tracks: PipelineTracks = { video: null, audio: null };
  private playback: Playback | null = null;

  constructor(private readonly options: PlaybackWindowOptions) {}

  get window(): StreamWindow | null {
    return this.playback?.window ?? null;
  }

  init(bytes: Buffer, tracks: PipelineTracks): void {
    this.tracks = tracks;
    if (this.playback) this.playback.window.addInit(bytes);
    else this.pendingInits.push(bytes);
  }

  discontinuity(): void {
    this.playback?.window.markDiscontinuity();
  }

  part(part: PackagedPart, partTargetSeconds: number, next: { msn: number; partIndex: number }): void {
    if (this.playback) this.playback.window.addPart(part, next);
    else this.begin(part, partTargetSeconds, next);
    this.options.onPlayable();
  }

  segment(msn: number, durationSeconds: number, next: { msn: number; partIndex: number }): void {
    this.playback?.window.endSegment(msn, durationSeconds, next);
  }

  /** Ends the playlists. Their addresses answer for `lingerMs` more, the handle's no longer. */
  end(lingerMs: number): void {
    const { playback } = this;
    if (!playback) return;
    playback.window.end();
    this.options.registry.unpublish(playback);
    setTimeout(() => this.remove(playback), lingerMs).unref();
  }

  /** Takes everything away at once. */
  async remove(playback = this.playback): Promise<void> {
    if (!playback) return;
    this.options.registry.remove(playback);
    await playback.window.dispose();
  }

  private begin(part: PackagedPart, partTargetSeconds: number, next: { msn: number; partIndex: number }): void {
    this.playback = this.open(partTargetSeconds);
    for (const bytes of this.pendingInits) this.playback.window.addInit(bytes);
    this.playback.window.addPart(part, next);
    this.options.registry.publish(this.playback);
  }

  private open(partTargetSeconds: number): Playback {
    const { handle, settings, log } = this.options;
    const store = new SegmentStore(path.join(settings.folder, this.playbackId), log);
    const window = new StreamWindow({ ...settings, partTargetSeconds, store });
    return { handle, playbackId: this.playbackId, window, multivariant: () => this.describe(window) };
  }

  private describe(window: StreamWindow): string {
    const { video, audio } = this.tracks;
    const frameRate = this.options.frameRate();
    const { peak, average } = window.bandwidth;
    return multivariantPlaylist({
      uri: `${this.playbackId}/${MEDIA_PLAYLIST}`,
      bandwidth: peak,
      averageBandwidth: average,
      codecs: [video, audio].filter((track) => track !== null).map((track) => track.codecs),
      resolution: video && { width: video.width, height: video.height },
      frameRate: frameRate && CLOCK_RATE / usualFrameTicks(CLOCK_RATE / frameRate),
      isIndependent: window.isIndependent,
    });
  }
}
