import type { Clip } from "./clip";
import type { FlvTag } from "./flv-tags";
import { RtmpEncoder } from "./rtmp-encoder";

const TICK_MS = 10;

type Chosen = (tag: FlvTag, atMs: number) => boolean;

/** Publishes clips in real time over one connection, the present one again and again, until it is stopped. */
export class ClipEncoder {
  private readonly startedMs = performance.now();
  private readonly timer: NodeJS.Timeout;
  private next = 0;
  private shiftMs = 0;
  private following: Clip | null = null;

  private constructor(
    private readonly encoder: RtmpEncoder,
    private readonly streamKey: string,
    private clip: Clip,
    private readonly isSent: Chosen,
  ) {
    this.timer = setInterval(() => this.sendDue(), TICK_MS);
  }

  /**
   * @param isSent asked for each tag, with the milliseconds since the broadcast began; others are left out
   * @throws Error when the server refuses it
   */
  static async publish(port: number, streamKey: string, clip: Clip, isSent: Chosen = () => true): Promise<ClipEncoder> {
    const { encoder, outcome } = await RtmpEncoder.publish({ port }, streamKey);
    if (outcome.kind === "accepted") return new ClipEncoder(encoder, streamKey, clip, isSent);
    encoder.drop();
    throw new Error(`publishing was not accepted: ${JSON.stringify(outcome)}`);
  }

  /** Goes on with another clip when the present one has come to its end. */
  switchTo(clip: Clip): void {
    this.following = clip;
  }

  stop(): void {
    clearInterval(this.timer);
    this.encoder.stop(this.streamKey);
  }

  /** Without a goodbye. */
  crash(): void {
    clearInterval(this.timer);
    this.encoder.drop();
  }

  private sendDue(): void {
    const nowMs = performance.now() - this.startedMs;
    for (;;) {
      const tag = this.clip.tags[this.next];
      if (!tag) this.repeat();
      else if (tag.timestampMs + this.shiftMs > nowMs) return;
      else {
        this.next += 1;
        if (this.isSent(tag, tag.timestampMs + this.shiftMs)) this.encoder.sendTag(tag, this.shiftMs);
      }
    }
  }

  private repeat(): void {
    this.next = 0;
    this.shiftMs += this.clip.durationMs;
    this.clip = this.following ?? this.clip;
    this.following = null;
  }
}
