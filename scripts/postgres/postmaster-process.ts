import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { PlainError } from "../plain-error";
import { stopProcess } from "./postmaster-pid";
import type { RunAs } from "./run-as";

const READY_TIMEOUT_MS = 120_000;
const REMEMBERED_LINES = 30;

/** A Postgres server that this process started. */
export interface PostmasterProcess {
  pid: number;
  /** Settles when the server has ended, for whatever reason. */
  exited: Promise<void>;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>;
}

export interface PostmasterOptions {
  postgres: string;
  cluster: string;
  runAs: RunAs;
  port: number;
  /** Each `-c NAME=VALUE`. */
  configuration: Record<string, string>;
  environment?: Record<string, string>;
  /** Told what the server has to say of itself while it runs (crashes, checkpoints too often), a line each. */
  onLine: (line: string) => void;
}

/**
 * Starts the server in a session of its own, so that a Ctrl-C meant for the parent does not reach it, and waits until
 * it takes connections. Should the parent die without stopping it, it shuts down by itself.
 * @throws PlainError with the server's own last words when it ends before it is ready
 */
export async function startPostmaster(options: PostmasterOptions): Promise<PostmasterProcess> {
  const { postgres, cluster, runAs, port, configuration } = options;
  const settings = Object.entries(configuration).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const [program = "", ...args] = [...runAs.prefix, postgres, "-D", cluster, "-p", String(port), ...settings];
  const child = spawn(program, args, {
    ...runAs.identity,
    cwd: "/",
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
    env: { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC", ...options.environment },
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()).once("error", () => resolve()));
  const pid = child.pid ?? 0;
  const releaseWatch = pid > 0 ? stopWithParent(pid) : () => undefined;
  void exited.then(releaseWatch);
  await untilReady(child, exited, options.onLine);
  return {
    pid,
    exited,
    async stop() {
      releaseWatch();
      if (child.exitCode === null && child.signalCode === null) await stopProcess(pid);
      await exited;
    },
  };
}

async function untilReady(child: ChildProcess, exited: Promise<void>, onLine: (line: string) => void): Promise<void> {
  if (!child.stderr) throw new Error("Postgres was started without its standard error.");
  const lines = createInterface({ input: child.stderr });
  const lastLines: string[] = [];
  let isReady = false;
  const ready = new Promise<void>((resolve) => {
    lines.on("line", (line) => {
      if (isReady) return onLine(line);
      lastLines.push(line);
      if (lastLines.length > REMEMBERED_LINES) lastLines.shift();
      if (line.includes("database system is ready to accept connections")) resolve();
    });
  });
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<"too-late">((resolve) => {
    timer = setTimeout(() => resolve("too-late"), READY_TIMEOUT_MS);
  });
  const outcome = await Promise.race([ready.then(() => "ready"), exited.then(() => "exited"), tooLate]);
  clearTimeout(timer);
  if (outcome === "ready") {
    isReady = true;
    return;
  }
  child.kill("SIGINT");
  throw new PlainError(
    `The embedded Postgres did not start (${outcome}): ${lastLines.join(" | ") || "it said nothing"}`,
  );
}

/**
 * A shell that waits for the end of its standard input, which is this process: should this process die in whatever
 * way, the server gets its shutdown.
 */
function stopWithParent(pid: number): () => unknown {
  const script = 'while read -r _; do :; done; kill -INT "$0"';
  const shell = spawn("/bin/sh", ["-c", script, String(pid)], {
    detached: true,
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.on("error", () => undefined);
  shell.stdin?.on("error", () => undefined);
  shell.unref();
  return () => shell.kill("SIGKILL");
}
