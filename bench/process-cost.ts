import { readdirSync, readFileSync } from "node:fs";

/** Linux counts a process's time in hundredths of a second, whatever its kernel's own tick (USER_HZ, proc(5)). */
const TICKS_PER_SECOND = 100;

type Entry = { pid: number; parentPid: number; ticks: number };

/** CPU time used so far, and memory now. */
export type ProcessCost = { cpuSeconds: number; residentMegabytes: number };

/** What the process and everything below it cost, its ended children included (proc(5)). @throws Error when there is no such process */
export function costOf(rootPid: number): ProcessCost {
  const tree = treeOf(rootPid);
  const ticks = tree.reduce((sum, entry) => sum + entry.ticks, 0);
  const kilobytes = tree.reduce((sum, entry) => sum + residentKilobytes(entry.pid), 0);
  return { cpuSeconds: ticks / TICKS_PER_SECOND, residentMegabytes: (kilobytes * 1024) / 1e6 };
}

function treeOf(rootPid: number): Entry[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readEntry(Number(name)))
    .filter((entry) => entry !== null);
  const tree = all.filter(({ pid }) => pid === rootPid);
  if (tree.length === 0) throw new Error(`there is no process ${rootPid}`);
  for (const parent of tree) tree.push(...all.filter(({ parentPid }) => parentPid === parent.pid));
  return tree;
}

/** Null for a process that has just ended. */
function readEntry(pid: number): Entry | null {
  const text = readProc(`/proc/${pid}/stat`);
  if (!text) return null;
  // The second field is the command in parentheses and may hold anything.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15).map(Number);
  return { pid, parentPid: Number(fields[1]), ticks: user + system + childrenUser + childrenSystem };
}

function residentKilobytes(pid: number): number {
  const text = readProc(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(text ?? "")?.[1] ?? 0);
}

function readProc(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return null;
    throw error;
  }
}
