import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LockFile } from "./lock-file";
import { processIdentity } from "./process-identity";

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "livehouse-lock-"));
  path = join(directory, "lock");
});

afterEach(() => rm(directory, { recursive: true }));

async function deadProcess(): Promise<{ pid: number; identity: string }> {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: ["pipe", "ignore", "ignore"] });
  const pid = child.pid ?? 0;
  const identity = (await processIdentity(pid)) ?? "";
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
  return { pid, identity };
}

test("of many that ask at once, one gets the lock and the others are told who has it", async () => {
  const outcomes = await Promise.all(Array.from({ length: 12 }, () => LockFile.acquire(path)));
  expect(outcomes.filter(({ kind }) => kind === "locked")).toHaveLength(1);
  for (const outcome of outcomes) if (outcome.kind === "held") expect(outcome.holderPid).toBe(process.pid);
  expect(await readdir(directory)).toEqual(["lock"]);
});

test("a released lock is free", async () => {
  const first = await LockFile.acquire(path);
  if (first.kind === "locked") await first.lock.release();
  expect((await LockFile.acquire(path)).kind).toBe("locked");
});

test("a dead process's lock is taken over, by one, together with what it left running", async () => {
  const self = { pid: process.pid, identity: (await processIdentity(process.pid)) ?? "" };
  const [dead, deadChild] = [await deadProcess(), await deadProcess()];
  await writeFile(path, JSON.stringify({ ...dead, children: [self, deadChild] }));
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => LockFile.acquire(path)));
  const locked = outcomes.flatMap((outcome) => (outcome.kind === "locked" ? [outcome] : []));
  expect(locked).toHaveLength(1);
  expect(locked[0]?.leftBehind).toEqual([self]);
});

test("a number that now belongs to another process holds no lock", async () => {
  await writeFile(path, JSON.stringify({ pid: process.pid, identity: "an earlier boot:1", children: [] }));
  expect((await LockFile.acquire(path)).kind).toBe("locked");
});

test("a lock that was cut off in the middle of writing is taken over", async () => {
  await writeFile(path, '{"pid": 1');
  expect((await LockFile.acquire(path)).kind).toBe("locked");
});
