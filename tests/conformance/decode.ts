import { spawn } from "node:child_process";

/** Runs one of ffmpeg's programs over bytes. @returns its exit code and what it printed */
export async function run(
  program: "ffmpeg" | "ffprobe",
  args: string[],
  input?: Buffer,
): Promise<{ exitCode: number | null; out: string; err: string }> {
  const path =
    program === "ffmpeg"
      ? process.env.FFMPEG_PATH || "ffmpeg"
      : (process.env.FFMPEG_PATH || "ffmpeg").replace(/ffmpeg$/, "ffprobe");
  const child = spawn(path, args, { stdio: ["pipe", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk;
  });
  child.stdin.on("error", () => child.stdin.destroy()); // it may have read enough
  child.stdin.end(input);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { exitCode, out, err };
}

/** Decodes a fragmented MP4 whole. @returns ffmpeg's warnings, empty when there are none */
export async function decodingWarnings(mp4: Buffer): Promise<string> {
  const { exitCode, err } = await run("ffmpeg", ["-v", "warning", "-xerror", "-i", "pipe:0", "-f", "null", "-"], mp4);
  return exitCode === 0 ? err.trim() : `exit code ${exitCode}: ${err.trim()}`;
}

/** Reads the packets of a fragmented MP4 without decoding them. */
export async function packetsOf(
  mp4: Buffer,
): Promise<{ warnings: string; packets: { track: string; seconds: number }[] }> {
  const args = ["-v", "warning", "-show_entries", "packet=codec_type,dts_time", "-of", "csv=p=0", "-i", "pipe:0"];
  const { out, err } = await run("ffprobe", args, mp4);
  const rows = out
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split(","));
  return {
    warnings: err.trim(),
    packets: rows.map(([track = "", seconds = ""]) => ({ track, seconds: Number(seconds) })),
  };
}
