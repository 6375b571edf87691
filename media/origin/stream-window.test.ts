import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, describe, expect, test } from "vitest";
import { addTestPart, fillWindow, newTestWindow, partBytes } from "@/tests/support/test-window";
import { until } from "@/tests/support/until";
import { SegmentStore } from "./segment-store";
import type { StreamWindow } from "./stream-window";
import { wait } from "./wait";

const root = mkdtempSync(join(tmpdir(), "window-"));
let folders = 0;
const newFolder = (): string => join(root, String(folders++));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const listed = (window: StreamWindow): number[] => window.snapshot().segments.map(({ msn }) => msn);

/** Segment by segment, as time brings them, so that the disk is done with one before the next comes. */
async function fillSlowly(window: StreamWindow, fromMsn: number, toMsn: number, sizeBytes?: number): Promise<void> {
  for (let msn = fromMsn; msn <= toMsn; msn++) {
    fillWindow(window, msn, msn, sizeBytes);
    await until(`segment ${msn} on disk`, () => window.isStored(msn), { everyMs: 1 });
  }
}

async function bytesOf(window: StreamWindow, msn: number): Promise<Buffer | null> {
  const segment = window.segment(msn);
  if (!segment) return null;
  if (segment.kind === "memory") return Buffer.concat(segment.parts);
  return (await readFile(segment.path)).subarray(segment.offset, segment.offset + segment.sizeBytes);
}

const wholeSegment = (msn: number, sizeBytes?: number): Buffer =>
  Buffer.concat(Array.from({ length: 10 }, (_, i) => partBytes(msn, i, sizeBytes)));

describe("how much a window holds", () => {
  test("it is limited by time", async () => {
    const window = newTestWindow({ folder: newFolder(), limitSeconds: 60 });
    await fillSlowly(window, 1, 50);
    expect(listed(window)).toEqual(Array.from({ length: 30 }, (_, i) => 21 + i));
    await window.dispose();
  });

  test("it is limited by size", async () => {
    const window = newTestWindow({ folder: newFolder(), limitBytes: 20_000 });
    await fillSlowly(window, 1, 40);
    expect(window.sizeBytes).toBeLessThanOrEqual(20_000);
    expect(listed(window).length).toBe(20);
    await window.dispose();
  });

  test("it never lists less than three target durations, however small its limits", async () => {
    const window = newTestWindow({ folder: newFolder(), limitBytes: 1, limitSeconds: 1 });
    await fillSlowly(window, 1, 20);
    expect(listed(window).length * 2).toBeGreaterThanOrEqual(6);
    expect(listed(window).length).toBeLessThan(6);
    await window.dispose();
  });

  test("a segment that has left the playlist can still be fetched for a while, and then no longer", async () => {
    const window = newTestWindow({ folder: newFolder(), limitSeconds: 20 });
    await fillSlowly(window, 1, 40);
    expect(listed(window)[0]).toBe(31);
    expect(await bytesOf(window, 30)).toEqual(wholeSegment(30));
    expect(await bytesOf(window, 16)).toEqual(wholeSegment(16));
    expect(window.segment(15)).toBeNull();
    await window.dispose();
  });

  test("initialization sections go with the last segment that needs them", async () => {
    const window = newTestWindow({ folder: newFolder(), limitSeconds: 20 });
    for (let change = 0; change < 30; change++) {
      window.addInit(Buffer.from(`init ${change}`));
      window.markDiscontinuity();
      await fillSlowly(window, change * 2 + 1, change * 2 + 2);
    }
    expect(window.init(29)?.toString()).toBe("init 29");
    expect(window.init(25)?.toString()).toBe("init 25");
    expect(window.init(5)).toBeNull();
    expect(window.snapshot().discontinuitySequence).toBe(24);
    await window.dispose();
  });

  test("a discontinuity that leaves the window is counted", async () => {
    const window = newTestWindow({ folder: newFolder(), limitSeconds: 20 });
    await fillSlowly(window, 1, 3);
    window.markDiscontinuity();
    await fillSlowly(window, 4, 13);
    expect(window.snapshot().discontinuitySequence).toBe(0);
    await fillSlowly(window, 14, 14);
    expect(window.snapshot().discontinuitySequence).toBe(1);
    await window.dispose();
  });
});

describe("measured bit rates", () => {
  test("the peak is that of the fullest segment so far, the average that of the window", async () => {
    const window = newTestWindow({ folder: newFolder(), limitSeconds: 20 });
    addTestPart(window, 1, 0, 5000);
    expect(window.bandwidth).toEqual({ peak: 200_000, average: 200_000 });
    for (let partIndex = 1; partIndex < 10; partIndex++) addTestPart(window, 1, partIndex, 5000);
    window.endSegment(1, 2, { msn: 2, partIndex: 0 });
    await until("on disk", () => window.isStored(1), { everyMs: 1 });
    await fillSlowly(window, 2, 3, 10_000);
    expect(window.bandwidth.peak).toBeCloseTo(400_000);
    expect(window.bandwidth.average).toBeCloseTo((200_000 + 2 * 400_000) / 3);
    await fillSlowly(window, 4, 20, 1000);
    expect(window.bandwidth.peak).toBeCloseTo(400_000);
    expect(window.bandwidth.average).toBeCloseTo(40_000);
    await window.dispose();
  });

  test("a scrap of a segment, as a drop leaves it, is no peak", async () => {
    const window = newTestWindow({ folder: newFolder() });
    await fillSlowly(window, 1, 9);
    addTestPart(window, 10, 0, 20_000);
    window.endSegment(10, 0.2, { msn: 11, partIndex: 0 });
    expect(window.bandwidth.peak).toBeLessThan(20_000);
    await window.dispose();
  });
});

describe("memory and disk", () => {
  test("what is older than the memory's seconds is read back from disk, byte for byte", async () => {
    const window = newTestWindow({ folder: newFolder(), memorySeconds: 6 });
    await fillSlowly(window, 1, 70);
    expect(window.segment(70)?.kind).toBe("memory");
    expect(window.segment(60)?.kind).toBe("file");
    for (const msn of [1, 29, 30, 31, 45, 60, 70]) expect(await bytesOf(window, msn)).toEqual(wholeSegment(msn));
    expect(window.part(60, 0)).toBeNull();
    expect(window.part(69, 3)).toEqual(partBytes(69, 3));
    await window.dispose();
  });

  test("a long window at 6 Mbit/s takes less than 40 MB of memory", async () => {
    const window = newTestWindow({ folder: newFolder() });
    await fillSlowly(window, 1, 60, 150_000);
    expect(window.sizeBytes).toBe(60 * 1_500_000);
    expect(window.memoryBytes).toBeLessThan(14 * 750_000 + 1);
    expect((await bytesOf(window, 2))?.equals(wholeSegment(2, 150_000))).toBe(true);
    await window.dispose();
  });

  test("without a disk the window shrinks to what memory holds, and the broadcast goes on", async () => {
    const file = join(root, "a-file");
    writeFileSync(file, "");
    const store = new SegmentStore(join(file, "below"), pino({ level: "silent" }));
    const window = newTestWindow({ folder: "", store, memorySeconds: 10 });
    fillWindow(window, 1, 3);
    await until("the disk has failed", () => store.isBroken);
    fillWindow(window, 4, 30);
    expect(listed(window)).toEqual([26, 27, 28, 29, 30]);
    expect(window.memoryBytes).toBeLessThanOrEqual(5 * 1000);
    expect(await bytesOf(window, 27)).toEqual(wholeSegment(27));
    expect(window.segment(20)).toBeNull();
    await window.dispose();
  });

  test("nothing is left on disk, nor answers, once it is disposed of, even while it writes", async () => {
    const folder = newFolder();
    const window = newTestWindow({ folder });
    fillWindow(window, 1, 3);
    await window.dispose();
    expect(window.segment(3)).toBeNull();
    expect(listed(window)).toEqual([]);
    await until("the folder is gone", () => !existsSync(folder));
    const slow = newTestWindow({ folder: newFolder() });
    await fillSlowly(slow, 1, 3);
    await slow.dispose();
  });
});

describe("waiting", () => {
  test("one part wakes everyone who waits, and leaves nobody behind", () => {
    const window = newTestWindow({ folder: newFolder() });
    fillWindow(window, 1, 1);
    const outcomes: string[] = [];
    for (let i = 0; i < 1000; i++) {
      wait(
        window,
        () => (window.edge.partCount > 0 ? "ready" : "wait"),
        (outcome) => outcomes.push(outcome),
      );
    }
    expect(window.waiting).toBe(1000);
    addTestPart(window, 2, 0);
    expect(outcomes).toEqual(Array(1000).fill("ready"));
    expect(window.waiting).toBe(0);
  });

  test("the text is made once for all who wait", () => {
    const window = newTestWindow({ folder: newFolder() });
    fillWindow(window, 1, 2);
    expect(window.playlist(false)).toBe(window.playlist(false));
    const before = window.playlist(true);
    addTestPart(window, 3, 0);
    expect(window.playlist(true)).not.toBe(before);
  });

  test("a wait ends after three target durations", async () => {
    const window = newTestWindow({ folder: newFolder(), targetDurationSeconds: 0.02 });
    const outcome = await new Promise((resolve) => wait(window, () => "wait", resolve));
    expect(outcome).toBe("timeout");
    expect(window.waiting).toBe(0);
  });

  test("an aborted wait leaves nothing behind and is never answered", () => {
    const window = newTestWindow({ folder: newFolder() });
    let isAnswered = false;
    const cancel = wait(
      window,
      () => "ready",
      () => {
        isAnswered = true;
      },
    );
    cancel();
    expect(window.waiting).toBe(0);
    addTestPart(window, 1, 0);
    expect(isAnswered).toBe(false);
  });

  test("the end of the broadcast wakes everyone", () => {
    const window = newTestWindow({ folder: newFolder() });
    let outcome = "";
    wait(
      window,
      () => (window.isEnded ? "ready" : "wait"),
      (how) => {
        outcome = how;
      },
    );
    window.end();
    expect(outcome).toBe("ready");
    expect(window.playlist(false).plain.toString()).toContain("#EXT-X-ENDLIST");
  });
});
