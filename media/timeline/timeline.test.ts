import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordedConfig } from "@/tests/support/decoder-configs";
import { parseAacConfig } from "../codec/aac";
import { parseAvcConfig } from "../codec/avc";
import type { FlvUnit } from "../flv/flv-unit";
import type { AccessUnit } from "./access-unit";
import { Timeline } from "./timeline";

const WRAP = 2 ** 32;
const data = Buffer.from([1]);
const aac = { 44100: parseAacConfig(Buffer.from("1210", "hex")), 48000: parseAacConfig(Buffer.from("1190", "hex")) };

function newTimeline(sampleRate: 44100 | 48000 = 48000): Timeline {
  const timeline = new Timeline();
  timeline.configure({ ...parseAvcConfig(recordedConfig("h264 baseline 640x360")), frameRate: null }, null);
  timeline.configure(aac[sampleRate], null);
  return timeline;
}

const videoAt = (ms: number, compositionOffsetMs = 0, isKeyFrame = false): FlvUnit => {
  return { track: "video", timestampMs: Math.round(ms) % WRAP, compositionOffsetMs, isKeyFrame, data };
};
const audioAt = (ms: number): FlvUnit => {
  return { track: "audio", timestampMs: Math.floor(ms) % WRAP, compositionOffsetMs: 0, isKeyFrame: true, data };
};

/** Frames and sound of `seconds` in the order of their times, from `startMs` of the encoder's clock. */
function* stream(
  seconds: number,
  options: { startMs?: number; frameRate?: number; sampleRate?: number; audioLagMs?: number } = {},
) {
  const { startMs = 0, frameRate = 30, sampleRate = 48000, audioLagMs = 0 } = options;
  const [frame, sound] = [1000 / frameRate, 1_024_000 / sampleRate];
  for (let v = 0, a = 0; v * frame < seconds * 1000; ) {
    if (v * frame <= a * sound + audioLagMs) yield { unit: videoAt(startMs + v * frame), idealMs: v++ * frame };
    else yield { unit: audioAt(startMs + a * sound), idealMs: a++ * sound };
  }
}

const placeAll = (timeline: Timeline, units: Iterable<FlvUnit>): AccessUnit[] => {
  const placed: AccessUnit[] = [];
  for (const unit of units) {
    const at = timeline.place(unit);
    if (at) placed.push(at);
  }
  return placed;
};

function expectRising(units: AccessUnit[]): void {
  const last: Record<string, number> = { video: -1, audio: -1 };
  for (const unit of units) {
    if (unit.dtsTicks <= (last[unit.track] ?? 0))
      expect(unit.dtsTicks, unit.track).toBeGreaterThan(last[unit.track] ?? 0);
    last[unit.track] = unit.dtsTicks;
  }
}

/** By how many ms sound comes later than the picture, against where the encoder put both. */
function skewMs(
  timeline: Timeline,
  units: Iterable<{ unit: FlvUnit; idealMs: number }>,
): { least: number; most: number } {
  const offset: Record<string, number> = {};
  let [least, most] = [Infinity, -Infinity];
  for (const { unit, idealMs } of units) {
    const placed = timeline.place(unit);
    if (!placed) continue;
    offset[unit.track] = placed.clockTicks / 90 - idealMs;
    if (offset.audio === undefined || offset.video === undefined) continue;
    least = Math.min(least, offset.audio - offset.video);
    most = Math.max(most, offset.audio - offset.video);
  }
  return { least, most };
}

describe("one steady stream", () => {
  test.each([24000 / 1001, 24, 25, 30000 / 1001, 30, 48, 50, 60000 / 1001, 60])(
    "%f frames a second come out even",
    (frameRate) => {
      const timeline = newTimeline();
      const frames = placeAll(
        timeline,
        [...stream(20, { frameRate })].map(({ unit }) => unit),
      ).filter(({ track }) => track === "video");
      const settled = frames.slice(200);
      for (let i = 1; i < settled.length; i++) {
        const distance = (settled[i]?.dtsTicks ?? 0) - (settled[i - 1]?.dtsTicks ?? 0);
        expect(Math.abs(distance - 90000 / frameRate)).toBeLessThan(30);
      }
      expect(timeline.frameRate).toBeCloseTo(frameRate, 0);
      expect(settled.every(({ durationTicks }) => durationTicks !== null)).toBe(true);
    },
  );

  test("sound without gaps stays without gaps: each frame begins where the one before ends", () => {
    for (const sampleRate of [44100, 48000] as const) {
      const units = placeAll(
        newTimeline(sampleRate),
        [...stream(60, { sampleRate })].map(({ unit }) => unit),
      );
      const sound = units.filter(({ track }) => track === "audio");
      for (let i = 1; i < sound.length; i++) {
        const gap = (sound[i]?.dtsTicks ?? 0) - (sound[i - 1]?.dtsTicks ?? 0) - 1024;
        expect(Math.abs(gap)).toBeLessThanOrEqual(2);
      }
    }
  });

  test.each([
    [44100, 30],
    [48000, 60000 / 1001],
  ] as const)("sound of %i Hz and picture stay together for eight hours", (sampleRate, frameRate) => {
    const { least, most } = skewMs(newTimeline(sampleRate), stream(8 * 3600, { sampleRate, frameRate }));
    expect(least).toBeGreaterThan(-4);
    expect(most).toBeLessThan(4);
  });

  test("sound whose clock runs a thousandth too fast follows the encoder's times", () => {
    // 48,048 samples a second, stamped by the wall clock.
    const { least, most } = skewMs(newTimeline(), stream(1800, { sampleRate: 48048 }));
    expect(least).toBeGreaterThan(-8);
    expect(most).toBeLessThan(8);
  });
});

describe("clocks that do not just run on", () => {
  test("fifty days at full rate around each wrap, and slowly between, stay even and together", () => {
    const timeline = newTimeline();
    let [first, farthest, last, fallsBack] = [Number.NaN, 0, -1, 0];
    const feed = (fromMs: number, seconds: number, frameRate: number) => {
      for (const { unit, idealMs } of stream(seconds, {
        startMs: fromMs,
        frameRate,
        sampleRate: frameRate < 5 ? 1024 : 48000,
      })) {
        const placed = timeline.place(unit);
        if (placed?.track !== "video") continue;
        if (placed.dtsTicks <= last) fallsBack++;
        last = placed.dtsTicks;
        const offset = placed.dtsTicks / 90 - fromMs - idealMs;
        if (Number.isNaN(first)) first = offset;
        farthest = Math.max(farthest, Math.abs(offset - first));
      }
    };
    const day = 86_400_000;
    feed(WRAP - day - 60_000, 60, 30); // the clock of an encoder that has run for weeks
    feed(WRAP - day, day / 1000 - 60, 1);
    feed(WRAP - 60_000, 120, 30);
    const untilNextWrap = Math.floor((WRAP - 120_000) / 1000);
    feed(WRAP + 60_000, untilNextWrap, 1);
    feed(WRAP + 60_000 + untilNextWrap * 1000, 120, 30);
    expect(fallsBack).toBe(0);
    expect(farthest).toBeLessThan(5);
  }, 60_000);

  test("the wrap of 32 bits is no jump", () => {
    const timeline = newTimeline();
    const units = placeAll(
      timeline,
      [...stream(20, { startMs: WRAP - 10_000 })].map(({ unit }) => unit),
    );
    expectRising(units);
    expect(timeline.jumps).toBe(0);
    const frames = units.filter(({ track }) => track === "video");
    expect((frames.at(-1)?.dtsTicks ?? 0) - (frames[0]?.dtsTicks ?? 0)).toBeCloseTo(599 * 3000, -3);
  });

  test.each([
    ["forwards by an hour", 3_600_000],
    ["forwards by two seconds", 2_000],
    ["backwards by an hour", -3_600_000],
    ["backwards by two seconds", -2_000],
  ])("a clock set %s leaves no hole and keeps sound and picture together", (_name, jumpMs) => {
    const timeline = newTimeline();
    const start = 10_000_000;
    const before = placeAll(
      timeline,
      [...stream(5, { startMs: start })].map(({ unit }) => unit),
    );
    const { least, most } = skewMs(timeline, stream(10, { startMs: start + 5000 + jumpMs }));
    expect(Math.abs(least) + Math.abs(most)).toBeLessThan(8);
    expect(timeline.jumps).toBe(1);
    const after = timeline.place(videoAt(start + 15_000 + jumpMs));
    const span = (after?.clockTicks ?? 0) / 90 - (before[0]?.clockTicks ?? 0) / 90;
    expect(Math.abs(span - 15_000)).toBeLessThan(100);
  });

  test.each([-3_600_000, -3_000, 3_000])(
    "sound from before a clock was set by %i ms that comes after it leaves no hole and no second jump",
    (jumpMs) => {
      const timeline = newTimeline();
      const start = 10_000_000;
      const before = placeAll(
        timeline,
        [...stream(5, { startMs: start })].map(({ unit }) => unit),
      );
      const afterJump = [
        videoAt(start + 5000 + jumpMs),
        audioAt(start + 5000),
        audioAt(start + 5021),
        videoAt(start + 5033 + jumpMs),
      ];
      const placed = placeAll(timeline, [
        ...afterJump,
        ...[...stream(3, { startMs: start + 5066 + jumpMs })].map(({ unit }) => unit),
      ]);
      expect(timeline.jumps).toBe(1);
      const span =
        Math.max(...placed.map(({ clockTicks }) => clockTicks)) -
        Math.max(...before.map(({ clockTicks }) => clockTicks));
      expect(Math.abs(span / 90 - 3066)).toBeLessThan(100);
    },
  );

  test("a clock set back by less than a jump keeps sound and picture together in the end", () => {
    const timeline = newTimeline();
    placeAll(
      timeline,
      [...stream(5)].map(({ unit }) => unit),
    );
    placeAll(
      timeline,
      [...stream(4, { startMs: 5000 - 400 })].map(({ unit }) => unit),
    );
    const { least, most } = skewMs(timeline, stream(4, { startMs: 9000 - 400 }));
    expect(Math.abs(least) + Math.abs(most)).toBeLessThan(40);
  });

  test("a second connection follows the first, whatever its clock says", () => {
    const timeline = newTimeline();
    const first = placeAll(
      timeline,
      [...stream(3, { startMs: 5_000_000 })].map(({ unit }) => unit),
    );
    timeline.restart(4_000);
    const second = placeAll(
      timeline,
      [...stream(3)].map(({ unit }) => unit),
    );
    expectRising([...first, ...second]);
    const gap = (second[0]?.clockTicks ?? 0) - Math.max(...first.map(({ clockTicks }) => clockTicks));
    expect(gap).toBeGreaterThanOrEqual(4 * 90000);
    expect(gap).toBeLessThan(4.1 * 90000);
  });

  test("another sampling rate goes on where the old one ended", () => {
    const timeline = newTimeline(44100);
    const before = placeAll(
      timeline,
      [...stream(3, { sampleRate: 44100 })].map(({ unit }) => unit),
    );
    timeline.configure(aac[48000], null);
    const after = placeAll(
      timeline,
      [...stream(3, { startMs: 3000 })].map(({ unit }) => unit),
    );
    const sound = (units: AccessUnit[]) =>
      units.filter(({ track }) => track === "audio").map(({ clockTicks }) => clockTicks);
    expect(Math.min(...sound(after))).toBeGreaterThan(Math.max(...sound(before)));
  });
});

describe("tracks that do not begin together", () => {
  test("a track that begins before the first one's first frame stays above zero", () => {
    const timeline = newTimeline();
    const units = placeAll(timeline, [videoAt(100, -80, true), audioAt(60), audioAt(81), videoAt(133)]);
    for (const unit of units) expect(unit.dtsTicks + unit.compositionOffsetTicks).toBeGreaterThan(0);
    expect((units[0]?.clockTicks ?? 0) - (units[1]?.clockTicks ?? 0)).toBe(40 * 90);
  });

  test("sound that starts three seconds late lies where the encoder put it", () => {
    const timeline = newTimeline();
    placeAll(
      timeline,
      [...stream(3)].filter(({ unit }) => unit.track === "video").map(({ unit }) => unit),
    );
    const { least, most } = skewMs(timeline, stream(10, { startMs: 3000 }));
    expect(timeline.jumps).toBe(0);
    expect(Math.abs(least) + Math.abs(most)).toBeLessThan(6);
  });

  test.each([-1500, -400, 400, 1500])("tracks sent %i ms apart stay together and lose nothing", (audioLagMs) => {
    const timeline = newTimeline();
    const sent = [...stream(20, { audioLagMs })];
    const units = placeAll(
      timeline,
      sent.map(({ unit }) => unit),
    );
    expect(units.length).toBe(sent.length);
    expect(timeline.jumps).toBe(0);
    const { least, most } = skewMs(newTimeline(), stream(20, { audioLagMs }));
    expect(Math.abs(least) + Math.abs(most)).toBeLessThan(6);
  });

  test("one frame a second is a frame rate, not a jump", () => {
    const timeline = newTimeline();
    const units = placeAll(
      timeline,
      Array.from({ length: 60 }, (_, i) => videoAt(i * 1000 + (i % 3) - 1 + 5)),
    );
    expect(timeline.jumps).toBe(0);
    expect((units.at(-1)?.dtsTicks ?? 0) - (units[0]?.dtsTicks ?? 0)).toBeCloseTo(59 * 90000, -3);
  });

  test("composition offsets keep their sign and even out with the frames", () => {
    const timeline = newTimeline();
    const offsets = Array.from({ length: 60 }, (_, i) => timeline.place(videoAt((i * 1000) / 30, i % 2 ? -33 : 67)));
    expect(offsets.at(-1)?.compositionOffsetTicks).toBeCloseTo(-3000, -2);
    expect(offsets.at(-2)?.compositionOffsetTicks).toBeCloseTo(6000, -2);
  });
});

test("whatever the times say, decoding times rise and nothing goes below zero", () => {
  const message = fc.record({
    isVideo: fc.boolean(),
    step: fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: 0, max: 60 }) },
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 }),
      fc.integer({ min: -700, max: 700 }),
    ),
    offset: fc.integer({ min: -2000, max: 2000 }),
    restart: fc.integer({ min: 0, max: 100 }),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 300 }), fc.integer({ min: 0, max: WRAP - 1 }), (messages, start) => {
      const timeline = newTimeline(44100);
      let now = start;
      const placed: AccessUnit[] = [];
      for (const { isVideo, step, offset, restart } of messages) {
        if (restart === 0) timeline.restart(restart * 100);
        now = (now + step + WRAP) % WRAP;
        const unit = timeline.place(isVideo ? videoAt(now, offset) : audioAt(now));
        if (unit) placed.push(unit);
      }
      expectRising(placed);
      for (const unit of placed) expect(unit.clockTicks).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});
