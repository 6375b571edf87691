import { type ChildProcess, spawn } from "node:child_process";

export type EncoderOptions = {
  rtmpUrl: string;
  streamKey: string;
  gopSeconds?: number;
  frameRate?: number;
  size?: string;
  /** ffmpeg's name of the video encoder; null: sound only. */
  videoCodec?: string | null;
  /** ffmpeg's name of the audio encoder; null: picture only. */
  audioCodec?: string | null;
  /** A lavfi source; the size and rate are added to it. */
  picture?: string;
  /** What the encoder says that it is (`flashVer`); null: ffmpeg's own words. */
  flashVersion?: string | null;
};

export type EncoderExit = { exitCode: number | null; signal: NodeJS.Signals | null; atMs: number };

const LOG_LIMIT = 64_000;

function ffmpegArgs(options: EncoderOptions): string[] {
  const { gopSeconds = 1, frameRate = 30, size = "640x360", picture = "testsrc2" } = options;
  const { videoCodec = "libx264", audioCodec = "aac" } = options;
  const gop = Math.round(gopSeconds * frameRate);
  const video = [
    ["-c:v", videoCodec ?? "", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"],
    ["-g", `${gop}`, "-keyint_min", `${gop}`, "-sc_threshold", "0", "-b:v", "1200k"],
  ].flat();
  return [
    ["-hide_banner", "-loglevel", "info", "-nostats"],
    videoCodec ? ["-re", "-f", "lavfi", "-i", `${picture}=size=${size}:rate=${frameRate}`] : [],
    audioCodec ? ["-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"] : [],
    videoCodec ? video : [],
    audioCodec ? ["-c:a", audioCodec, "-b:a", "96k", "-ar", "48000", "-ac", "2"] : [],
    options.flashVersion ? ["-rtmp_flashver", options.flashVersion] : [],
    ["-f", "flv", `${options.rtmpUrl}/${options.streamKey}`],
  ].flat();
}

/** A real ffmpeg that publishes a moving picture and a tone over RTMP in real time until it is stopped. */
export class FfmpegEncoder {
  /** What ffmpeg wrote, its last 64,000 characters. */
  log = "";
  readonly startedAtMs = performance.now();
  /** When and how it ended; `performance.now()` of this process. */
  readonly ended: Promise<EncoderExit>;
  private exit: EncoderExit | null = null;
  private readonly child: ChildProcess;

  constructor(options: EncoderOptions) {
    this.child = spawn(process.env.FFMPEG_PATH || "ffmpeg", ffmpegArgs(options), {
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.log = (this.log + chunk.toString()).slice(-LOG_LIMIT);
    });
    this.ended = new Promise((resolve, reject) => {
      this.child.on("error", reject);
      this.child.on("close", (exitCode, signal) => {
        this.exit = { exitCode, signal, atMs: performance.now() };
        resolve(this.exit);
      });
    });
  }

  get isRunning(): boolean {
    return this.exit === null;
  }

  /** Says goodbye as "Stop streaming" does (FCUnpublish, deleteStream); killed when it has not ended after 5 s. */
  async stop(): Promise<EncoderExit> {
    this.child.kill("SIGINT");
    const deadline = setTimeout(() => this.child.kill("SIGKILL"), 5_000);
    const exit = await this.ended;
    clearTimeout(deadline);
    return exit;
  }

  /** The machine crashed: no goodbye. */
  async crash(): Promise<EncoderExit> {
    this.child.kill("SIGKILL");
    return this.ended;
  }

  /** Waits until it has ended by itself. @throws Error with its log when it has not after `timeoutMs` */
  async endedWithin(timeoutMs: number): Promise<EncoderExit> {
    let deadline: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const fail = () => reject(new Error(`ffmpeg still runs after ${timeoutMs} ms:\n${this.log}`));
      deadline = setTimeout(fail, timeoutMs);
    });
    return Promise.race([this.ended, late]).finally(() => clearTimeout(deadline));
  }
}
