// A process of its own, so that nothing else's work delays a picture: draws pictures and pipes them to an ffmpeg that
// publishes them, in real time, until it is told to stop or its parent is gone. Argument: the address and options as JSON.
import { spawn } from "node:child_process";
import { setPriority } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import type { CameraOptions } from "./camera";
import { PictureRing } from "./picture-ring";

const [width, height, frameRate] = [1280, 720, 30];
const STOP_TIMEOUT_MS = 3_000;

function encoderArgs({ publishUrl, gopSeconds, kbps }: CameraOptions): string[] {
  const gop = String(Math.round(gopSeconds * frameRate));
  return [
    ["-hide_banner", "-loglevel", "error", "-nostats", "-fflags", "nobuffer", "-probesize", "32"],
    ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", `${width}x${height}`, "-r", `${frameRate}`, "-i", "pipe:0"],
    ["-f", "lavfi", "-i", "sine=frequency=330:sample_rate=48000"],
    ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline", "-threads", "1"],
    ["-g", gop, "-keyint_min", gop, "-sc_threshold", "0"],
    ["-b:v", `${kbps}k`, "-maxrate", `${kbps}k`, "-bufsize", `${kbps}k`],
    ["-c:a", "aac", "-b:a", "128k", "-ac", "2"],
    // The tone would go on for ever when the pictures end.
    ["-shortest", "-flush_packets", "1", "-f", "flv", "-flvflags", "no_duration_filesize", publishUrl],
  ].flat();
}

// A camera has a machine of its own: where the system lets it, nothing that runs beside it makes its pictures late.
if (process.getuid?.() === 0) setPriority(-10);

const options = JSON.parse(process.argv[2] ?? "") as CameraOptions;
const ffmpeg = spawn(process.env.FFMPEG_PATH || "ffmpeg", encoderArgs(options), {
  stdio: ["pipe", "ignore", "pipe"],
});
let isOver = false;
// The address holds the stream key.
ffmpeg.stderr.on("data", (words: Buffer) => {
  if (!isOver) process.stderr.write(`camera: ${words.toString().replaceAll(options.publishUrl, "the server")}`);
});
ffmpeg.stdin.on("error", () => {
  isOver = true;
});
ffmpeg.on("error", (error) => {
  process.stderr.write(`ffmpeg could not be started: ${error.message}\n`);
  process.exit(1);
});
ffmpeg.on("exit", (code) => process.exit(isOver ? 0 : (code ?? 1)));

function stop(): void {
  if (isOver) return;
  isOver = true;
  ffmpeg.stdin.end();
  ffmpeg.kill("SIGTERM");
  setTimeout(() => ffmpeg.kill("SIGKILL"), STOP_TIMEOUT_MS);
}
process.on("disconnect", stop);
process.on("SIGTERM", stop);
// The terminal sends it to everybody; whoever started us decides.
process.on("SIGINT", () => undefined);

// Awaited, so that no picture is drawn over while the pipe still reads it.
const write = (picture: Buffer) => new Promise<void>((resolve) => ffmpeg.stdin.write(picture, () => resolve()));

const ring = new PictureRing(width, height);
// The first is with ffmpeg once that has started; had time run before, it would begin with a burst of late pictures.
await write(ring.next(Date.now()));
const startMs = performance.now();
let lateFrames = 0;
for (let count = 1; !isOver; count++) {
  const aheadMs = startMs + (count * 1000) / frameRate - performance.now();
  if (aheadMs > 0) await wait(aheadMs);
  else if (aheadMs < -100) lateFrames++;
  if (isOver) break;
  await write(ring.next(Date.now()));
  if (count % frameRate === 0) process.send?.({ lateFrames });
}
