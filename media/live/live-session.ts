import type { Logger } from "pino";
import type { LiveSessionReport } from "@/lib/media-contract/publish-calls";
import type { EndReason } from "@/lib/media-contract/reasons";
import { CodecError } from "../codec/codec-error";
import type { Publisher, PublisherLeft, RtmpMessage } from "../ingest/publisher";
import type { OriginRegistry } from "../origin/origin-registry";
import { BitRateMeter } from "./bit-rate-meter";
import { LivePipeline } from "./live-pipeline";
import { PlaybackWindow, type WindowSettings } from "./playback-window";

export type LiveSessionSettings = WindowSettings & {
  partTargetSeconds: number;
  /** How long a dropped encoder may take to come back. */
  reconnectMs: number;
  /** How long an ended broadcast's addresses still answer. */
  lingerMs: number;
  /** The same where watching must stop: revoked, banned, ended by an administrator. */
  revokedLingerMs: number;
};

export type LiveSessionOptions = {
  liveSessionId: string;
  handle: string;
  settings: LiveSessionSettings;
  registry: OriginRegistry;
  log: Logger;
  /** The state as reported has changed. */
  onChanged(): void;
  /** Called once. */
  onEnded(reason: EndReason): void;
};

const WITHDRAWN = new Set<EndReason>(["key-revoked", "owner-banned", "ended-by-administrator", "lease-expired"]);

type State = "pending" | "live" | "reconnecting" | "ended";

/** One broadcast: its connections one after the other, its pipeline, its window. `pending -> live <-> reconnecting -> ended`. */
export class LiveSession {
  private state: State = "pending";
  private publisher: Publisher | null = null;
  private publishNumber = 0;
  private leaseEndsMs = 0;
  /** By `performance.now()`. */
  private leftAtMs = 0;
  /** From `performance.now()` to ms since 1970, as it was when the connection began: a clock that is set later shifts no date. */
  private dateOffsetMs = 0;
  private reconnectTimer: NodeJS.Timeout | null = null;
  private readonly meter = new BitRateMeter();
  private readonly pipeline: LivePipeline;
  private readonly output: PlaybackWindow;
  private readonly log: Logger;

  constructor(private readonly options: LiveSessionOptions) {
    const { liveSessionId, handle, settings, registry } = options;
    this.log = options.log.child({ liveSessionId, handle });
    const frameRate = () => this.pipeline.current.frameRate;
    const onPlayable = () => this.becameLive();
    this.output = new PlaybackWindow({ handle, settings, registry, log: this.log, frameRate, onPlayable });
    this.pipeline = new LivePipeline({ ...settings, sink: this.output });
  }

  get id(): string {
    return this.options.liveSessionId;
  }

  get handle(): string {
    return this.options.handle;
  }

  get isEnded(): boolean {
    return this.state === "ended";
  }

  /** The number of the newest connection: an end reported with it can't end a newer one. */
  get newestPublishNumber(): number {
    return this.publishNumber;
  }

  /** A publisher that the portal has accepted for this session: the first, one that comes back, or one that takes over. */
  attach(publisher: Publisher, publishNumber: number, leaseSeconds: number, headers: RtmpMessage[]): void {
    if (publishNumber < this.publishNumber) {
      // Its verdict was overtaken by a newer connection's.
      publisher.disconnect("taken over by a newer connection");
      return;
    }
    const older = this.publisher;
    const isFirst = this.publishNumber === 0;
    this.publisher = publisher;
    this.publishNumber = publishNumber;
    this.renewLease(leaseSeconds);
    if (older) {
      older.disconnect("taken over by a newer connection");
      this.closeMedia();
      this.leftAtMs = performance.now();
    }
    if (this.reconnectTimer) clearTimeout(this.reconnectTimer);
    this.reconnectTimer = null;
    if (!isFirst) this.pipeline.resume(performance.now() - this.leftAtMs);
    this.dateOffsetMs = Date.now() - performance.now();
    this.log.info(
      { publishNumber, remoteAddress: publisher.remoteAddress, encoder: publisher.encoder },
      "publisher accepted",
    );
    publisher.handle({
      message: (message) => this.take(publisher, message),
      left: (how) => this.left(publisher, how),
    });
    for (const header of headers) this.take(publisher, header);
    if (this.publisher === publisher) publisher.accept();
  }

  renewLease(leaseSeconds: number): void {
    this.leaseEndsMs = performance.now() + leaseSeconds * 1000;
  }

  isLeaseOver(): boolean {
    return performance.now() > this.leaseEndsMs;
  }

  report(): LiveSessionReport {
    const { video, audio, frameRate } = this.pipeline.current;
    const rate = Math.round((frameRate ?? 0) * 1000) / 1000;
    return {
      liveSessionId: this.id,
      publishNumber: Math.max(1, this.publishNumber),
      state: this.state === "ended" ? "reconnecting" : this.state,
      video: video && { codec: video.codecs, width: video.width, height: video.height, frameRate: rate },
      audio: audio && { codec: audio.codecs, sampleRate: audio.sampleRate, channels: audio.channels },
      bitrateKbps: this.state === "live" ? this.meter.kbps(performance.now(), this.publisher?.receivedBytes ?? 0) : 0,
      viewers: this.output.window?.viewers(performance.now()) ?? 0,
    };
  }

  /** Bytes of the window, for metrics. */
  get windowBytes(): number {
    return this.output.window?.sizeBytes ?? 0;
  }

  /** Cuts the publisher, ends the playlists. Takes effect once. */
  end(reason: EndReason): void {
    if (this.state === "ended") return;
    this.state = "ended";
    if (this.reconnectTimer) clearTimeout(this.reconnectTimer);
    const { publisher } = this;
    this.publisher = null;
    publisher?.disconnect(reason);
    this.closeMedia();
    const { lingerMs, revokedLingerMs } = this.options.settings;
    this.output.end(WITHDRAWN.has(reason) ? revokedLingerMs : lingerMs);
    this.log.info({ reason }, "live session ended");
    this.options.onEnded(reason);
  }

  /** Frees what it holds on disk; for shutdown. */
  dispose(): Promise<void> {
    return this.output.remove();
  }

  private take(publisher: Publisher, message: RtmpMessage): void {
    if (this.publisher !== publisher) return;
    try {
      const fault = this.pipeline.push(message, performance.now() + this.dateOffsetMs);
      if (!fault) return;
      this.log.warn({ reason: fault.reason, detail: fault.detail }, "the stream can't be packaged");
      this.end(fault.reason);
    } catch (error) {
      if (error instanceof CodecError) {
        this.log.warn({ reason: error.reason, detail: error.message }, "a decoder configuration that is not taken");
        this.end(error.reason);
        return;
      }
      this.log.error({ err: error }, "the stream could not be packaged");
      this.end("invalid-media");
    }
  }

  /** A fault of ours in the last part must not keep the end from being reported. */
  private closeMedia(): void {
    try {
      this.pipeline.pause();
    } catch (error) {
      this.log.error({ err: error }, "the last part could not be packaged");
    }
  }

  private left(publisher: Publisher, how: PublisherLeft): void {
    if (this.publisher !== publisher) return;
    this.log.info({ how: how.kind, detail: how.detail }, "publisher left");
    if (how.kind === "stopped") {
      this.end("encoder-stopped");
      return;
    }
    this.publisher = null;
    this.leftAtMs = performance.now();
    this.closeMedia();
    if (how.detail === "bit-rate-exceeded" || how.detail === "server-shutdown") {
      this.end(how.detail);
      return;
    }
    if (this.state === "live") this.state = "reconnecting";
    this.reconnectTimer = setTimeout(() => this.end("encoder-lost"), this.options.settings.reconnectMs);
    this.options.onChanged();
  }

  private becameLive(): void {
    // The last part of a connection that has left is no sign of life.
    if (this.state === "ended" || this.state === "live" || !this.publisher) return;
    this.state = "live";
    this.options.onChanged();
  }
}
