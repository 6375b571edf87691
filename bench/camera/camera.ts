import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { started } from "../started";

export type CameraOptions = { publishUrl: string; gopSeconds: number; kbps: number };

export type Camera = {
  readonly isRunning: boolean;
  /** Pictures that were drawn more than 100 ms late so far: the machine was too slow for the camera. */
  readonly lateFrames: number;
  /** Says goodbye to the server. */
  stop(): Promise<void>;
};

const script = fileURLToPath(new URL("camera-process.ts", import.meta.url));
const STOP_TIMEOUT_MS = 8_000;

/** Starts a 720p30 H.264 and AAC encoder whose every picture carries the wall clock at which it was drawn. */
export function startCamera(publishUrl: string, { gopSeconds = 2, kbps = 2_500 } = {}): Camera {
  const options: CameraOptions = { publishUrl, gopSeconds, kbps };
  const child = fork(script, [JSON.stringify(options)], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  let lateFrames = 0;
  child.on("message", (message: { lateFrames: number }) => {
    lateFrames = message.lateFrames;
  });
  const gone = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const stop = started("camera", () => endChild(child, gone));
  return {
    get isRunning() {
      return child.exitCode === null && child.signalCode === null;
    },
    get lateFrames() {
      return lateFrames;
    },
    stop,
  };
}

async function endChild(child: ChildProcess, gone: Promise<void>): Promise<void> {
  child.kill("SIGTERM");
  const deadline = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await gone;
  clearTimeout(deadline);
}
