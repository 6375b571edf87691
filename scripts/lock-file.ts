import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { processIdentity } from "./process-identity";

const processSchema = z.object({ pid: z.int().positive(), identity: z.string() });
const lockSchema = processSchema.extend({ children: z.array(processSchema) });

/** A process, told from a later one with the same number. */
export type KnownProcess = z.infer<typeof processSchema>;

export type LockOutcome =
  | { kind: "locked"; lock: LockFile; leftBehind: KnownProcess[] }
  | { kind: "held"; holderPid: number };

/** A file that says which process has something to itself. One whose process is dead is taken over. */
export class LockFile {
  private constructor(
    private readonly path: string,
    private readonly holder: KnownProcess,
  ) {}

  /** `leftBehind`: children that a dead holder had written down and that still run. */
  static async acquire(path: string): Promise<LockOutcome> {
    await mkdir(dirname(path), { recursive: true });
    const holder = { pid: process.pid, identity: (await processIdentity(process.pid)) ?? "" };
    const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
    await writeFile(draft, JSON.stringify({ ...holder, children: [] }));
    const leftBehind: KnownProcess[] = [];
    try {
      for (;;) {
        // A link appears whole or not at all.
        if (await succeeds(link(draft, path))) return { kind: "locked", lock: new LockFile(path, holder), leftBehind };
        const text = await readFile(path, "utf8").catch(() => null);
        if (text === null) continue;
        const found = parseLock(text);
        if (found && (await isAlive(found))) return { kind: "held", holderPid: found.pid };
        await removeStale(path, draft, text);
        for (const child of found?.children ?? []) if (await isAlive(child)) leftBehind.push(child);
      }
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Waits for the present holder, `timeoutMs` at most. */
  static async acquireWithin(path: string, timeoutMs: number): Promise<LockOutcome> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const outcome = await LockFile.acquire(path);
      if (outcome.kind === "locked" || Date.now() >= deadline) return outcome;
      await wait(200);
    }
  }

  /** Writes down the holder's children, so that whoever takes the lock over can end what is left of them. */
  async noteChildren(pids: readonly number[]): Promise<void> {
    const children: KnownProcess[] = [];
    for (const pid of pids) {
      const identity = await processIdentity(pid);
      if (identity) children.push({ pid, identity });
    }
    const draft = `${this.path}.${process.pid}.children`;
    try {
      await writeFile(draft, JSON.stringify({ ...this.holder, children }));
      await rename(draft, this.path);
    } finally {
      await rm(draft, { force: true });
    }
  }

  async release(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

export async function isAlive({ pid, identity }: KnownProcess): Promise<boolean> {
  return (await processIdentity(pid)) === identity;
}

function parseLock(text: string): z.infer<typeof lockSchema> | null {
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Moves the stale lock away; should another process have put its own there meanwhile, that one goes back. */
async function removeStale(path: string, draft: string, staleText: string): Promise<void> {
  const moved = `${draft}.stale`;
  if (!(await succeeds(rename(path, moved)))) return;
  const text = await readFile(moved, "utf8");
  if (text !== staleText) await succeeds(link(moved, path));
  await rm(moved, { force: true });
}

/** False for the outcomes that mean "another process was first": the target is there already, or gone. */
async function succeeds(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "EEXIST" || error.code === "ENOENT")) return false;
    throw error;
  }
}
