import { spawn } from "node:child_process";
import { started } from "../started";

export type ClipPublisher = {
  readonly isRunning: boolean;
  /** Says goodbye to the server. */
  stop(): Promise<void>;
  /** The machine crashed: no goodbye. */
  crash(): Promise<void>;
};

const STOP_TIMEOUT_MS = 5_000;

/** Publishes a recording again and again in real time; encodes nothing. */
export function startClipPublisher(publishUrl: string, clipPath: string): ClipPublisher {
  const args = [
    ["-hide_banner", "-loglevel", "error", "-nostats", "-re", "-stream_loop", "-1", "-i", clipPath],
    ["-c", "copy", "-f", "flv", "-flvflags", "no_duration_filesize", publishUrl],
  ].flat();
  // Out of the terminal's process group, and silent: its address holds the stream key.
  const child = spawn(process.env.FFMPEG_PATH || "ffmpeg", args, { stdio: "ignore", detached: true });
  const gone = new Promise<void>((resolve) => {
    child.on("error", () => resolve());
    child.on("exit", () => resolve());
  });
  const end = (signal: NodeJS.Signals) => async () => {
    child.kill(signal);
    const deadline = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(deadline);
  };
  const stop = started("publisher", end("SIGTERM"));
  return {
    get isRunning() {
      return child.exitCode === null && child.signalCode === null;
    },
    stop,
    crash: async () => {
      child.kill("SIGKILL");
      await stop();
    },
  };
}
