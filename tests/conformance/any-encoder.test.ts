import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { FlvMessage } from "@/media/flv/read-flv-message";
import { LivePipeline } from "@/media/live/live-pipeline";
import type { StreamWindow } from "@/media/origin/stream-window";
import { mediaPlaylist } from "@/media/playlist/media-playlist";
import { recordedConfig } from "@/tests/support/decoder-configs";
import { newTestWindow } from "@/tests/support/test-window";
import { PlaylistJudge } from "./playlist-judge";
import { readPlaylist } from "./read-playlist";

const root = mkdtempSync(join(tmpdir(), "any-encoder-"));
let folders = 0;
afterAll(() => rmSync(root, { recursive: true, force: true }));

const TARGET_SECONDS = 2;
const BASE = "http://origin.test/live/ann/0123456789abcdef/media.m3u8";

/** One connection of an encoder. */
type Connection = {
  seconds: number;
  frameRate: number;
  /** By how many ms frames come off their place, over and over. */
  jitterMs: number[];
  /** Every so many frames some are left out. */
  dropEvery: number;
  gopSeconds: number;
  /** Hertz; null for no sound. */
  sampleRate: 44100 | 48000 | null;
  config: string;
  /** Where the encoder's clock begins. */
  startMs: number;
  /** Time without an encoder before it. */
  awayMs: number;
};

type Sent = FlvMessage & { atMs: number };

const byTime = (one: Sent, other: Sent) => one.atMs - other.atMs;

/** As RTMP carries it: whole milliseconds of 32 bits. */
function* messagesOf(connection: Connection): Generator<Sent> {
  const { seconds, frameRate, jitterMs, dropEvery, gopSeconds, sampleRate, config, startMs } = connection;
  const message = (type: "audio" | "video", atMs: number, head: string, body: Buffer): Sent => ({
    type,
    timestampMs: (startMs + Math.round(atMs)) % 2 ** 32,
    atMs,
    payload: Buffer.concat([Buffer.from(head, "hex"), body]),
  });
  yield message("video", 0, "1700000000", recordedConfig(config));
  if (sampleRate) yield message("audio", 0, "af00", Buffer.from(sampleRate === 48000 ? "1190" : "1210", "hex"));
  const units: Sent[] = [];
  const every = Math.max(1, Math.round(gopSeconds * frameRate));
  const body = Buffer.from("00000001aa", "hex");
  for (let frame = 0; frame < seconds * frameRate; frame++) {
    const isKeyFrame = frame % every === 0;
    // Two frames of a slow camera are a hole that the dates tell of, as they should.
    if (!isKeyFrame && dropEvery > 0 && frameRate > 20 && frame % dropEvery < 2) continue;
    const atMs = Math.max(0, (frame * 1000) / frameRate + (jitterMs[frame % jitterMs.length] ?? 0));
    units.push(message("video", atMs, `${isKeyFrame ? "17" : "27"}01000000`, body));
  }
  for (let frame = 0; sampleRate && (frame * 1024) / sampleRate < seconds; frame++) {
    units.push(message("audio", (frame * 1_024_000) / sampleRate, "af01", Buffer.alloc(8, frame)));
  }
  yield* units.sort(byTime);
}

/** Every playlist of a broadcast of these connections one after the other, as a judge who knows nothing of the origin reads it. */
async function judge(connections: Connection[], partTargetSeconds: number): Promise<PlaylistJudge> {
  const judge = new PlaylistJudge(250);
  let window: StreamWindow | null = null;
  const open = (partTarget: number) =>
    newTestWindow({
      folder: join(root, String(folders++)),
      partTargetSeconds: partTarget,
      limitSeconds: 24,
      memorySeconds: 60,
    });
  const inits: Buffer[] = [];
  const look = () => {
    if (!window) return;
    const [full, delta] = [false, true].map((isDelta) =>
      window ? readPlaylist(mediaPlaylist(window.snapshot(), isDelta), BASE) : null,
    );
    if (full && delta) judge.takeDelta(full, delta);
    if (full) judge.take(full);
  };
  const pipeline = new LivePipeline({
    partTargetSeconds,
    targetDurationSeconds: TARGET_SECONDS,
    sink: {
      init: (bytes) => (window ? window.addInit(bytes) : inits.push(bytes)),
      discontinuity: () => window?.markDiscontinuity(),
      part: (part, partTarget, next) => {
        window ??= open(partTarget);
        for (const bytes of inits.splice(0)) window.addInit(bytes);
        window.addPart(part, next);
        look();
      },
      segment: (msn, seconds, next) => {
        window?.endSegment(msn, seconds, next);
        look();
      },
    },
  });
  let nowMs = 1_700_000_000_000;
  connections.forEach((connection, index) => {
    if (index > 0) {
      pipeline.pause();
      pipeline.resume(connection.awayMs);
      nowMs += connection.awayMs;
    }
    for (const { atMs, ...message } of messagesOf(connection)) {
      judge.expect(pipeline.push(message, nowMs + atMs) === null, "the stream could not be packaged");
    }
    nowMs += connection.seconds * 1000;
  });
  pipeline.pause();
  await (window as StreamWindow | null)?.dispose();
  return judge;
}

const steady: Connection = {
  seconds: 10,
  frameRate: 30,
  jitterMs: [0],
  dropEvery: 0,
  gopSeconds: 2,
  sampleRate: 48000,
  config: "h264 baseline 640x360",
  startMs: 0,
  awayMs: 0,
};
const usualRates = [24000 / 1001, 24, 25, 30000 / 1001, 30, 48, 50, 60000 / 1001, 60];

test.each(usualRates)(
  "%f frames a second: legal, and after the first two GOPs each part is the one hinted at",
  async (frameRate) => {
    const judged = await judge([{ ...steady, frameRate, seconds: 30 }], 0.2);
    expect([...judged.faults]).toEqual([]);
    expect(judged.parts.seen).toBeGreaterThan(140);
    expect(judged.parts.unannounced).toBeLessThanOrEqual(2);
  },
);

test.each([24000 / 1001, 25, 50, 60, 10])(
  "a return at %f frames a second keeps PART-TARGET, and parts between 85 and 100 hundredths of it",
  async (frameRate) => {
    for (const before of [24, 30, 50]) {
      const judged = await judge(
        [
          { ...steady, frameRate: before },
          { ...steady, frameRate, awayMs: 4_000, config: "h264 main 1280x720 at 59.94" },
          { ...steady, frameRate, awayMs: 4_000, sampleRate: 44100 },
          { ...steady, frameRate, awayMs: 4_000, sampleRate: null },
        ],
        0.2,
      );
      expect([...judged.faults]).toEqual([]);
      expect(judged.list?.partTarget).toBeCloseTo(before === 24 ? 0.209 : 0.2, 5);
    }
  },
);

test("whatever encoders send one after the other, every playlist and every delta update is legal", async () => {
  const connection = fc.record({
    seconds: fc.integer({ min: 1, max: 9 }),
    frameRate: fc.constantFrom(...usualRates, 15, 10, 12.5),
    jitterMs: fc.oneof(
      fc.constant<number[]>([0]),
      fc.array(fc.integer({ min: -7, max: 7 }), { minLength: 1, maxLength: 9 }),
      fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 9 }),
    ),
    dropEvery: fc.constantFrom(0, 0, 7, 31),
    gopSeconds: fc.constantFrom(0.5, 1, 2, 2, 2.4, 5, 25 / 3),
    sampleRate: fc.constantFrom(44100 as const, 48000 as const, null),
    config: fc.constantFrom("h264 baseline 640x360", "h264 main 1280x720 at 59.94"),
    startMs: fc.constantFrom(0, 3_600_000, 2 ** 32 - 3_000, 2 ** 31 - 2_000),
    awayMs: fc.integer({ min: 0, max: 30_000 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(connection, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(0.1, 0.2, 0.333, 0.5, 1),
      async (connections, partTargetSeconds) => {
        const { faults } = await judge(connections, partTargetSeconds);
        expect([...faults]).toEqual([]);
      },
    ),
    { numRuns: 40, seed: 1 },
  );
}, 60_000);
