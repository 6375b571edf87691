import { existsSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PlainError } from "@/scripts/plain-error";
import { runCommand } from "@/scripts/run-command";

export const CLIP_KBPS = 3_000;
const SECONDS = 30;
const GOP_SECONDS = 2;
const TIMEOUT_MS = 180_000;

function clipArgs(path: string): string[] {
  const gop = String(GOP_SECONDS * 30);
  const rate = `${CLIP_KBPS}k`;
  return [
    ["-hide_banner", "-loglevel", "error", "-y"],
    ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30,noise=alls=12:allf=t"],
    ["-f", "lavfi", "-i", "sine=frequency=330:sample_rate=48000", "-t", `${SECONDS}`],
    ["-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-g", gop, "-keyint_min", gop, "-sc_threshold", "0"],
    ["-pix_fmt", "yuv420p", "-b:v", rate, "-maxrate", rate, "-bufsize", rate, "-x264-params", "nal-hrd=cbr"],
    ["-c:a", "aac", "-b:a", "128k", "-ac", "2", "-f", "flv", path],
  ].flat();
}

/** A 720p30 recording of 3 Mbit/s with a key frame every 2 s, encoded once a machine. @throws PlainError when ffmpeg can't make it */
export async function ensureClip(): Promise<string> {
  const path = join(tmpdir(), `livehouse-bench-clip-${SECONDS}s-${CLIP_KBPS}k.flv`);
  if (existsSync(path)) return path;
  process.stderr.write("Encoding the clip that the publishers repeat (once) …\n");
  const unfinished = `${path}.${process.pid}`;
  const ffmpeg = process.env.FFMPEG_PATH || "ffmpeg";
  const { exitCode, output } = await runCommand(ffmpeg, clipArgs(unfinished), {
    output: "collect",
    timeoutMs: TIMEOUT_MS,
  });
  if (exitCode !== 0) throw new PlainError(`ffmpeg could not make the clip (exit code ${exitCode}): ${output}`);
  renameSync(unfinished, path);
  return path;
}
