import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, describe, expect, it, vi } from "vitest";
import { until } from "@/tests/support/until";
import { SegmentStore } from "./segment-store";

// The disk: full once `isFull` says so.
const disk = vi.hoisted(() => ({ isFull: false }));
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const writev: typeof fs.writev = ((...args: Parameters<typeof fs.writev>) => {
    if (!disk.isFull) return fs.writev(...args);
    const done = args.at(-1) as (error: Error) => void;
    setImmediate(() => done(Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" })));
  }) as typeof fs.writev;
  return { ...fs, writev };
});

const folders: string[] = [];
afterEach(async () => {
  disk.isFull = false;
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function openStore() {
  const folder = await mkdtemp(join(tmpdir(), "segment-store-"));
  folders.push(folder);
  const lines: string[] = [];
  const log = pino({ level: "info" }, { write: (line: string) => lines.push(line) });
  return { store: new SegmentStore(folder, log), folder, lines };
}

const bytes = [Buffer.alloc(1000)];

function write(store: SegmentStore, msn: number): Promise<boolean> {
  store.write(msn, bytes, () => undefined);
  return until(`${msn} written or given up`, () => (store.locate(msn) || store.isBroken ? "settled" : null)).then(
    () => store.locate(msn) !== null,
  );
}

describe("a full disk", () => {
  it("breaks the store once, with one clear line, and what was written before can still be read", async () => {
    const { store, lines } = await openStore();
    expect(await write(store, 0)).toBe(true);
    disk.isFull = true;
    expect(await write(store, 1)).toBe(false);
    store.write(2, bytes, () => expect.unreachable("written to a full disk"));
    expect(store.isBroken).toBe(true);
    expect(store.locate(0)).not.toBeNull();
    const complaints = lines.filter((line) => line.includes("the rewind window cannot be written to disk"));
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain("ENOSPC");
    await store.dispose();
  });

  it("gives back its room when its last segment has left the window", async () => {
    const { store, folder } = await openStore();
    for (let msn = 0; msn < 3; msn += 1) await write(store, msn);
    disk.isFull = true;
    await write(store, 3);
    for (let msn = 0; msn < 3; msn += 1) store.remove(msn);
    await until("no file is left", async () => (await readdir(folder)).length === 0);
    await store.dispose();
  });
});
