import { runCommand } from "./run-command";

export type Ffmpeg = { path: string; canDrawText: boolean };

/** The ffmpeg of the setting FFMPEG_PATH, or null when there is none that runs. */
export async function findFfmpeg(path: string): Promise<Ffmpeg | null> {
  const { exitCode, output } = await runCommand(path, ["-hide_banner", "-filters"], {
    output: "collect",
    timeoutMs: 10_000,
  });
  return exitCode === 0 ? { path, canDrawText: / drawtext /.test(output) } : null;
}

export const FFMPEG_MISSING =
  "ffmpeg is missing: install it (Debian and Ubuntu: apt-get install ffmpeg; macOS: brew install ffmpeg) or set FFMPEG_PATH";
