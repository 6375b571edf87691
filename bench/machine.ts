import { readFileSync } from "node:fs";
import { availableParallelism, loadavg, totalmem } from "node:os";

/** How busy the machine was while something was measured: shares of all cores. */
export type MachineLoad = { loadBefore: number; busyShare: number; stolenShare: number };

/** What was measured on; nothing in it names the machine. */
export function describeMachine() {
  return {
    cores: availableParallelism(),
    memoryGibibytes: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
  };
}

/** Starts to watch; the returned function tells how busy the machine has been since. */
export function watchMachine(): () => MachineLoad {
  const loadBefore = Number((loadavg()[0] ?? 0).toFixed(2));
  const before = readTimes();
  return () => {
    const after = readTimes();
    const total = Math.max(1, after.total - before.total);
    const share = (ticks: number) => Number((ticks / total).toFixed(2));
    const stolen = after.stolen - before.stolen;
    return { loadBefore, busyShare: share(total - (after.idle - before.idle) - stolen), stolenShare: share(stolen) };
  };
}

/** The first line of /proc/stat (proc(5)): user nice system idle iowait irq softirq steal. */
function readTimes(): { total: number; idle: number; stolen: number } {
  const [line = ""] = readFileSync("/proc/stat", "latin1").split("\n");
  const times = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const [, , , idle = 0, ioWait = 0, , , stolen = 0] = times;
  return { total: times.reduce((sum, ticks) => sum + ticks, 0), idle: idle + ioWait, stolen };
}
