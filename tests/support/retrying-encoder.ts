import type { FfmpegEncoder } from "./ffmpeg-encoder";

/** After a drop OBS comes back after these, and goes on so. */
const WAITS_MS = [2_000, 3_000, 4_500, 7_000];

/** A real encoder that comes back by itself when it is dropped, as OBS does. */
export class RetryingEncoder {
  starts = 0;
  private current: FfmpegEncoder | null = null;
  private isStopped = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly publish: () => FfmpegEncoder) {
    this.start();
  }

  /** No goodbye, and it does not come back. */
  async crash(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.current?.crash();
  }

  private start(): void {
    if (this.isStopped) return;
    const encoder = this.publish();
    this.current = encoder;
    this.starts += 1;
    void encoder.ended.then(() => {
      const waitMs = WAITS_MS[Math.min(this.starts, WAITS_MS.length) - 1];
      if (!this.isStopped) this.timer = setTimeout(() => this.start(), waitMs);
    });
  }
}
