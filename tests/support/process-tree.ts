import { execFile } from "node:child_process";
import { promisify } from "node:util";

export type ProcessEntry = { pid: number; parentPid: number; command: string };

/** Every process of this machine (`ps`, as POSIX has it). */
async function listProcesses(): Promise<ProcessEntry[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,args="], { maxBuffer: 8 << 20 });
  return stdout.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match ? [{ pid: Number(match[1]), parentPid: Number(match[2]), command: match[3] ?? "" }] : [];
  });
}

/** The processes below `pid`, parents before their children. */
export async function descendantsOf(pid: number): Promise<ProcessEntry[]> {
  const all = await listProcesses();
  const found: ProcessEntry[] = [];
  const parents = [pid];
  for (const parent of parents) {
    const children = all.filter(({ parentPid }) => parentPid === parent);
    found.push(...children);
    parents.push(...children.map((child) => child.pid));
  }
  return found;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
