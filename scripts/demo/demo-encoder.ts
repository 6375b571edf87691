import { spawn } from "node:child_process";
import type { Ffmpeg } from "../ffmpeg";
import { testPictureArgs } from "./test-picture";

const STOP_TIMEOUT_MS = 5_000;

export type DemoEncoder = {
  hasEnded(): boolean;
  /** Resolves when it has ended, with the last thing it said. */
  ended: Promise<{ lastLine: string }>;
  /** Says goodbye to the server, or is killed after 5 s. */
  stop(): Promise<void>;
};

/** Publishes the test picture to an RTMP address with its stream key. Out of the terminal's process group: Ctrl-C reaches only us. */
export function startDemoEncoder(ffmpeg: Ffmpeg, address: string): DemoEncoder {
  const child = spawn(ffmpeg.path, testPictureArgs(address, ffmpeg.canDrawText), {
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let isOver = false;
  let lastLine = "ffmpeg said nothing.";
  child.stderr.on("data", (chunk: Buffer) => {
    // ffmpeg names the address it publishes to, and the key is in it.
    const lines = chunk.toString().replaceAll(address, "the server").trim().split("\n");
    lastLine = lines.at(-1) || lastLine;
  });
  const ended = new Promise<{ lastLine: string }>((resolve) => {
    const finish = () => {
      isOver = true;
      resolve({ lastLine });
    };
    child.on("error", (error) => {
      lastLine = error.message;
      finish();
    });
    child.on("close", finish);
  });
  return {
    hasEnded: () => isOver,
    ended,
    stop: async () => {
      child.kill("SIGINT");
      const deadline = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(deadline);
    },
  };
}
