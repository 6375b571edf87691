import { findChromium } from "../chromium";
import { findFaketime } from "../faketime";
import { FFMPEG_MISSING, findFfmpeg } from "../ffmpeg";
import { runCommand } from "../run-command";

const INSTALL_TIMEOUT_MS = 5 * 60_000;

async function install(command: string, ...args: string[]): Promise<boolean> {
  process.stdout.write(`Installing: ${[command, ...args].join(" ")}\n`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const { exitCode, output } = await runCommand(command, args, {
    env,
    output: "collect",
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
  if (exitCode !== 0) process.stdout.write(output);
  return exitCode === 0;
}

async function installPackages(names: string[]): Promise<void> {
  if (process.getuid?.() !== 0 || process.platform !== "linux") return;
  if (!(await install("apt-get", "update", "-q"))) return;
  await install("apt-get", "install", "-q", "-y", "--no-install-recommends", ...names);
}

/**
 * Makes sure that the tests have ffmpeg, Chromium and libfaketime (without it those that set clocks are skipped), installing them where that is possible.
 *
 * @returns a sentence for each one that is still missing
 */
export async function ensureTools(): Promise<string[]> {
  const ffmpegPath = process.env.FFMPEG_PATH || "ffmpeg";
  const missing = [
    (await findFfmpeg(ffmpegPath)) ? "" : "ffmpeg",
    findChromium() ? "" : "chromium",
    findFaketime() ? "" : "faketime",
  ].filter(Boolean);
  if (missing.length > 0) await installPackages(missing);
  if (!findChromium()) await install(process.execPath, "node_modules/@playwright/test/cli.js", "install", "chromium");
  return [
    (await findFfmpeg(ffmpegPath)) ? "" : `${FFMPEG_MISSING}.`,
    findChromium() ? "" : "Chromium is missing: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.",
  ].filter(Boolean);
}
