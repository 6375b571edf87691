import { execFile } from "node:child_process";
import { readFile, readlink, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { PlainError } from "../plain-error";

const POLL_MS = 20;

/** A Postgres server that runs on a cluster, as its `postmaster.pid` tells. */
export interface RunningPostmaster {
  pid: number;
  port: number;
  isReady: boolean;
}

/** The server that runs on this cluster, or null; a pid file that a killed server left behind counts for nothing. */
export async function findPostmaster(clusterDirectory: string): Promise<RunningPostmaster | null> {
  const lines = await readPidFile(clusterDirectory);
  const pid = Number(lines?.[0]);
  if (!Number.isInteger(pid) || pid <= 1) return null;
  if (!(await isPostmasterOf(clusterDirectory, pid))) return null;
  return { pid, port: Number(lines?.[3]), isReady: lines?.[7]?.trim() === "ready" };
}

/**
 * Makes the cluster free to start: stops a server that outlived its parent (fast shutdown, then immediate) and removes
 * a pid file whose number now belongs to some other process, which Postgres itself would take for a live server.
 */
export async function clearPostmaster(clusterDirectory: string): Promise<void> {
  const running = await findPostmaster(clusterDirectory);
  if (running) await stopProcess(running.pid);
  await rm(join(clusterDirectory, "postmaster.pid"), { force: true });
}

/** Stops a server process: SIGINT (fast), after 8 s SIGQUIT (immediate), after 4 s more SIGKILL. */
export async function stopProcess(pid: number): Promise<void> {
  for (const [signal, patienceMs] of [
    ["SIGINT", 8000],
    ["SIGQUIT", 4000],
    ["SIGKILL", 2000],
  ] as const) {
    if (!sendSignal(pid, signal)) return;
    const deadline = Date.now() + patienceMs;
    while (Date.now() < deadline) {
      if (!sendSignal(pid, 0)) return;
      await wait(POLL_MS);
    }
  }
  throw new PlainError(`Postgres (process ${pid}) does not stop: end it by hand and try again.`);
}

/** False when there is no such process. */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

async function readPidFile(clusterDirectory: string): Promise<string[] | null> {
  return readFile(join(clusterDirectory, "postmaster.pid"), "utf8").then(
    (text) => text.split("\n"),
    () => null,
  );
}

/** A postmaster's working directory is its cluster; elsewhere than on Linux its command line tells. */
async function isPostmasterOf(clusterDirectory: string, pid: number): Promise<boolean> {
  if (process.platform === "linux") {
    const [workingDirectory, cluster] = await Promise.all([
      readlink(`/proc/${pid}/cwd`).catch(() => null),
      realpath(clusterDirectory),
    ]);
    return workingDirectory === cluster;
  }
  const found = await promisify(execFile)("ps", ["-p", String(pid), "-o", "command="]).catch(() => null);
  return found?.stdout.includes(clusterDirectory) ?? false;
}
