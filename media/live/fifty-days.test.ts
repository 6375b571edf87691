import { expect, test } from "vitest";
import { recordedConfig } from "@/tests/support/decoder-configs";
import type { FlvMessage } from "../flv/read-flv-message";
import { LivePipeline, type PackagedPart } from "./live-pipeline";

const DAY_MS = 86_400_000;
const NOW_MS = 1_700_000_000_000;

type Timed = FlvMessage & { atMs: number };

/** A minute of 30 frames and of 48 kHz sound a second, `startMs` on the encoder's clock of 32 bits. */
function minute(startMs: number): Timed[] {
  const at = (type: "audio" | "video", ms: number, head: string, body: Buffer = Buffer.alloc(20, 1)): Timed => ({
    type,
    timestampMs: (startMs + Math.round(ms)) % 2 ** 32,
    atMs: ms,
    payload: Buffer.concat([Buffer.from(head, "hex"), body]),
  });
  const frames = Array.from({ length: 1800 }, (_, i) =>
    at("video", (i * 1000) / 30, `${i % 60 ? "27" : "17"}01000000`),
  );
  const sounds = Array.from({ length: 2812 }, (_, i) => at("audio", (i * 1024) / 48, "af01"));
  return [
    at("video", 0, "1700000000", recordedConfig("h264 baseline 640x360")),
    at("audio", 0, "af00", Buffer.from("1190", "hex")),
    ...[...frames, ...sounds].sort((one, other) => one.atMs - other.atMs),
  ];
}

type Run = { trackId: number; startTicks: number; endTicks: number };

/** Where the samples of each track lie that a fragment holds, by its tfdt and trun (ISO/IEC 14496-12 8.8). */
function runsOf(bytes: Buffer): Run[] {
  const moof = bytes.subarray(0, bytes.readUInt32BE());
  const runs: Run[] = [];
  for (let at = moof.indexOf("traf"); at > 0; at = moof.indexOf("traf", at + 4)) {
    const [tfhd, tfdt, trun] = ["tfhd", "tfdt", "trun"].map((type) => moof.indexOf(type, at) + 8);
    const startTicks = Number(moof.readBigUInt64BE(tfdt));
    const rowSize = moof.readUInt32BE((trun ?? 0) - 4) & 0xc00 ? 16 : 8;
    let endTicks = startTicks;
    for (let i = 0; i < moof.readUInt32BE(trun); i++) endTicks += moof.readUInt32BE((trun ?? 0) + 8 + i * rowSize);
    runs.push({ trackId: moof.readUInt32BE(tfhd), startTicks, endTicks });
  }
  return runs;
}

test("fifty days on, and across the wrap of the encoder's clock, fragments follow on to the tick and dates are right", () => {
  let parts: PackagedPart[] = [];
  const hints: string[] = [];
  const segments: number[] = [];
  const pipeline = new LivePipeline({
    partTargetSeconds: 0.2,
    targetDurationSeconds: 2,
    sink: {
      init: () => {},
      discontinuity: () => {},
      part: (part, _target, next) => {
        parts.push(part);
        hints.push(`${next.msn}.${next.partIndex}`);
      },
      segment: (_msn, seconds) => segments.push(seconds),
    },
  });
  const send = (startMs: number, nowMs: number) => {
    for (const { atMs, ...message } of minute(startMs)) expect(pipeline.push(message, nowMs + atMs)).toBeNull();
    pipeline.pause();
  };
  send(0, NOW_MS);
  const first = parts;
  parts = [];
  pipeline.resume(50 * DAY_MS);
  send(2 ** 32 - 30_000, NOW_MS + 50 * DAY_MS + 60_000);

  const ends = new Map<number, number>();
  for (const run of parts.flatMap(({ bytes }) => runsOf(bytes))) {
    const before = ends.get(run.trackId);
    // Sound is placed by counting, and leans by a sample of 48,000 at a time towards the encoder's times.
    if (before) expect(Math.abs(run.startTicks - before)).toBeLessThanOrEqual(run.trackId === 1 ? 0 : 1);
    ends.set(run.trackId, run.endTicks);
  }
  expect([...ends.keys()].sort()).toEqual([1, 2]);
  const [begun] = runsOf(first[0]?.bytes ?? Buffer.alloc(0));
  const lasted = ((ends.get(1) ?? 0) - (begun?.startTicks ?? 0)) / 90;
  expect(Math.abs(lasted - (50 * DAY_MS + 120_000))).toBeLessThan(100);

  expect(parts.length).toBeGreaterThan(295);
  const startMs = NOW_MS + 50 * DAY_MS + 60_000;
  const pictures = parts.map(({ bytes, startMs: date }) => ({
    date,
    run: runsOf(bytes).find((run) => run.trackId === 1),
  }));
  const mediaStart = pictures[0]?.run?.startTicks ?? 0;
  for (const { date, run } of pictures) {
    if (run) expect(Math.abs(date - startMs - (run.startTicks - mediaStart) / 90)).toBeLessThan(50);
  }
  for (const seconds of segments) expect(seconds).toBeLessThanOrEqual(2.4);
  const names = [...first, ...parts].map(({ msn, partIndex }) => `${msn}.${partIndex}`);
  const missed = names.slice(1).filter((name, i) => name !== hints[i]).length;
  expect(missed).toBeLessThanOrEqual(4);
});
