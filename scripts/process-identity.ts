import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/**
 * What tells this process from a later one with the same number: when it started, and on Linux the boot it started in.
 * Null when there is no such process (a zombie counts as gone).
 */
export async function processIdentity(pid: number): Promise<string | null> {
  if (!Number.isInteger(pid) || pid < 1) return null;
  if (process.platform !== "linux") return startTimeByPs(pid);
  const [bootId, stat] = await Promise.all([
    readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => ""),
    readFile(`/proc/${pid}/stat`, "utf8").catch(() => null),
  ]);
  if (stat === null) return null;
  // The name in parentheses may hold spaces and parentheses; field 3 (state) follows the last one, 22 is the start.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? null : `${bootId.trim()}:${fields[19]}`;
}

async function startTimeByPs(pid: number): Promise<string | null> {
  return promisify(execFile)("ps", ["-p", String(pid), "-o", "lstart="]).then(
    ({ stdout }) => stdout.trim() || null,
    () => null,
  );
}
