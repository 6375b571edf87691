import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";

/** `exitCode`: 128 + signal number when a signal ended it; 124 when the time was up; 127 when it could not be started. */
export type CommandResult = { exitCode: number; output: string };

export type CommandOptions = {
  env?: Record<string, string | undefined>;
  timeoutMs: number;
  /** `stream`: to our own standard output as it comes. `collect`: only into the result. */
  output: "stream" | "collect";
  /** How it is asked to stop: SIGTERM to its whole group, or SIGINT to it alone, for a runner that takes down what it started. */
  stop?: "group" | "leader";
};

let isExiting = false;
const running = new Map<ChildProcess, "group" | "leader">();

/** Signals a child's whole process group; one that has already gone is no fault. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // EPERM: only the group's zombie is left (macOS).
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

/**
 * Runs a command without standard input, in a process group of its own, so that everything it started ends with it: when it
 * ends, when `timeoutMs` is over, or when we are told to stop (`endCommandsOnSignals`).
 */
export function runCommand(command: string, args: string[], options: CommandOptions): Promise<CommandResult> {
  // Never answered: nobody who waits for it may go on to the next thing while the process ends.
  if (isExiting) return new Promise(() => undefined);
  const child = spawn(command, args, {
    env: { ...process.env, ...options.env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.set(child, options.stop ?? "group");
  const chunks: Buffer[] = [];
  const take = (target: NodeJS.WriteStream) => (chunk: Buffer) => {
    if (options.output === "stream") target.write(chunk);
    else chunks.push(chunk);
  };
  child.stdout.on("data", take(process.stdout));
  child.stderr.on("data", take(process.stderr));
  return new Promise((resolve) => {
    let isLate = false;
    const deadline = setTimeout(() => {
      isLate = true;
      signalGroup(child, "SIGKILL");
    }, options.timeoutMs);
    const finish = (exitCode: number) => {
      clearTimeout(deadline);
      running.delete(child);
      resolve({ exitCode: isLate ? 124 : exitCode, output: Buffer.concat(chunks).toString() });
    };
    child.on("error", (error) => {
      chunks.push(Buffer.from(`${error.message}\n`));
      finish(127);
    });
    // Whatever it left behind would keep the pipes open, and "close" would never come.
    child.on("exit", () => signalGroup(child, "SIGKILL"));
    child.on("close", (code, signal) => finish(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/** Asks every running command to stop and kills what is left after `graceMs`. */
export async function endCommands(graceMs = 25_000): Promise<void> {
  const children = [...running.keys()];
  const gone = Promise.all(children.map((child) => new Promise((resolve) => child.once("close", resolve))));
  for (const [child, how] of running) {
    if (how === "group") signalGroup(child, "SIGTERM");
    else child.kill("SIGINT");
  }
  const deadline = setTimeout(() => {
    for (const child of children) signalGroup(child, "SIGKILL");
  }, graceMs);
  await gone;
  clearTimeout(deadline);
}

/** On SIGINT, SIGTERM or SIGHUP: ends every running command (`endCommands`), starts no further one, and exits. */
export function endCommandsOnSignals(graceMs = 25_000): void {
  const stop = async (signal: NodeJS.Signals) => {
    // A terminal and a parent may both send it; the second must not cut the clean end short.
    if (isExiting) return;
    isExiting = true;
    await endCommands(graceMs);
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
}
