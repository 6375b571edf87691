import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type UnitStreamOptions, unitStream } from "@/tests/support/access-units";
import type { AccessUnit } from "../timeline/access-unit";
import { FrameClock } from "../timeline/frame-clock";
import type { Cut, Part, Segment } from "./part";
import { choosePartTarget, usualFrameTicks } from "./part-target";
import { Segmenter } from "./segmenter";

const TARGET_SECONDS = 2;
type Hint = { msn: number; partIndex: number };
type Result = { parts: Part[]; segments: Segment[]; hints: Hint[]; partTarget: number };

function run(units: Iterable<AccessUnit>, { hasVideo = true, partTargetSeconds = 0.2 } = {}): Result {
  const segmenter = new Segmenter({ hasVideo, partTargetSeconds, targetDurationSeconds: TARGET_SECONDS });
  const parts: Part[] = [];
  const segments: Segment[] = [];
  const hints: Hint[] = [];
  const take = (cuts: Cut[]) => {
    for (const cut of cuts) {
      if (cut.kind === "part") parts.push(cut.part);
      else segments.push(cut.segment);
    }
    // Announced with the last of the parts that close together.
    if (cuts.some(({ kind }) => kind === "part")) hints[parts.length] = segmenter.next;
  };
  for (const unit of units) take(segmenter.push(unit));
  take(segmenter.discontinue());
  return { parts, segments, hints, partTarget: segmenter.partTargetTicks ?? 0 };
}

/** What RFC 8216bis asks of every playlist made of these cuts. */
function expectLegal({ parts, segments, partTarget }: Result): void {
  expect(segments.map(({ msn }) => msn)).toEqual(segments.map((_, index) => index + 1));
  for (const segment of segments) {
    const own = parts.filter(({ msn }) => msn === segment.msn);
    expect(own.map(({ partIndex }) => partIndex)).toEqual(own.map((_, index) => index));
    expect(own.reduce((sum, { durationTicks }) => sum + durationTicks, 0)).toBeCloseTo(segment.durationTicks, 6);
    expect(Math.round(segment.durationTicks / 90000)).toBeLessThanOrEqual(TARGET_SECONDS);
    expect(segment.isIndependent).toBe(own[0]?.isIndependent);
    for (const part of own) {
      expect(part.durationTicks).toBeGreaterThan(0);
      expect(part.durationTicks).toBeLessThanOrEqual(partTarget);
      if (part !== own.at(-1)) expect(part.durationTicks).toBeGreaterThanOrEqual(0.85 * partTarget);
    }
  }
}

/** Everything from the first key frame on is in some part, once and in order. */
function expectComplete(sent: AccessUnit[], { parts }: Result, hasVideo = true): void {
  const from = hasVideo ? sent.findIndex(({ track, isKeyFrame }) => track === "video" && isKeyFrame) : 0;
  for (const track of ["video", "audio"] as const) {
    const expected = sent.slice(from).filter((unit) => unit.track === track);
    expect(parts.flatMap((part) => part[track].map(({ data }) => data.readUInt32BE()))).toEqual(
      expected.map(({ data }) => data.readUInt32BE()),
    );
  }
}

/** With the durations that a steady rate's clock knows ahead. */
function* evened(units: Iterable<AccessUnit>): Generator<AccessUnit> {
  const clock = new FrameClock(90000, null);
  for (const unit of units) {
    if (unit.track === "audio") yield unit;
    else {
      const { ticks, durationTicks } = clock.place(unit.dtsTicks);
      yield { ...unit, dtsTicks: ticks, clockTicks: ticks, durationTicks, clockDurationTicks: durationTicks };
    }
  }
}

const frameRates = [24000 / 1001, 24, 25, 30000 / 1001, 30, 48, 50, 60000 / 1001, 60];
const gops = [0.5, 1, 2, 2.4, 3, 25 / 3];

describe.each(["times in milliseconds", "times evened out"])("%s", (how) => {
  const streamOf = (options: UnitStreamOptions) => [
    ...(how === "times evened out" ? evened(unitStream(options)) : unitStream(options)),
  ];

  describe.each(frameRates)("%f frames a second", (frameRate) => {
    test.each(gops)("a key frame every %f s gives legal parts and segments", (gop) => {
      const sent = streamOf({ seconds: 40, frameRate, gop });
      const result = run(sent);
      expectLegal(result);
      expectComplete(sent, result);
      expect(result.partTarget / 90000).toBeGreaterThan(0.17);
      expect(result.partTarget / 90000).toBeLessThan(0.23);
      if (gop > 2.4) return;
      expect(result.segments.every(({ isIndependent }) => isIndependent)).toBe(true);
      const whole = result.segments.slice(0, -1).map(({ durationTicks }) => durationTicks / 90000);
      for (const seconds of whole.slice(2)) expect(Math.abs(seconds - (gop === 2.4 ? 2.4 : 2))).toBeLessThan(0.1);
    });
  });

  test.each([0.5, 1, 2])("with a key frame every %f s the next part is named rightly", (gop) => {
    const { parts, hints } = run(streamOf({ seconds: 30, frameRate: 30, gop }));
    const late = parts.findIndex(({ startTicks }) => startTicks > (parts[0]?.startTicks ?? 0) + 5 * 90000);
    for (let i = late; i < parts.length - 2; i++) {
      const { msn, partIndex } = parts[i] ?? { msn: 0, partIndex: 0 };
      expect(hints[i]).toEqual({ msn, partIndex });
    }
  });
});

describe("unusual streams stay legal and whole", () => {
  const irregular = (frame: number) => frame === 0 || [7, 100, 130, 131, 250, 400, 460, 700].includes(frame);
  const rows: [string, UnitStreamOptions, boolean?][] = [
    ["irregular key frames", { seconds: 40, frameRate: 30, gop: irregular }],
    ["a key frame in every frame", { seconds: 20, frameRate: 30, gop: () => true }],
    ["only one key frame", { seconds: 19, frameRate: 30, gop: (frame) => frame === 0 }],
    [
      "variable frame rate",
      {
        seconds: 40,
        frameRate: 30,
        gop: 2,
        frameTimes: (frame) => Math.round(frame * 33.3 + 40 * Math.sin(frame / 3) ** 2) + frame,
      },
    ],
    [
      "very variable frame rate",
      {
        seconds: 40,
        frameRate: 30,
        gop: 2,
        frameTimes: (frame) => frame * 33 + (frame % 7 === 3 ? 90 : 0) + Math.floor(frame / 7) * 100,
      },
    ],
    [
      "very variable frame rate without sound",
      {
        seconds: 40,
        frameRate: 30,
        gop: 2,
        sampleRate: null,
        frameTimes: (frame) => frame * 33 + (frame % 7 === 3 ? 90 : 0) + Math.floor(frame / 7) * 100,
      },
    ],
    [
      "a rate that drops from 30 to 2",
      {
        seconds: 40,
        frameRate: 30,
        gop: 2,
        frameTimes: (frame) => (frame < 300 ? Math.round(frame * 33.3) : 10_000 + (frame - 300) * 500),
      },
    ],
    [
      "the same without sound",
      {
        seconds: 40,
        frameRate: 30,
        gop: 2,
        sampleRate: null,
        frameTimes: (frame) => (frame < 300 ? Math.round(frame * 33.3) : 10_000 + (frame - 300) * 500),
      },
    ],
    ["picture only", { seconds: 20, frameRate: 30, gop: 2, sampleRate: null }],
    ["picture only, 1 frame a second", { seconds: 60, frameRate: 1, gop: 5, sampleRate: null }],
    ["picture only, 2 frames a second", { seconds: 60, frameRate: 2, gop: 2, sampleRate: null }],
    ["picture only, 3 frames a second", { seconds: 60, frameRate: 3, gop: 3, sampleRate: null }],
    ["picture only, 5 frames a second", { seconds: 60, frameRate: 5, gop: 4, sampleRate: null }],
    ["5 frames a second with sound", { seconds: 60, frameRate: 5, gop: 2 }],
    ["1 frame a second with sound", { seconds: 60, frameRate: 1, gop: 5 }],
    ["a picture that stands still for 6 s", { seconds: 30, frameRate: 30, gop: 2, videoGap: [10.1, 16.3] }],
    ["a picture that never comes back", { seconds: 30, frameRate: 30, gop: 2, videoGap: [10.1, 60] }],
    [
      "no frames for 3 s and no sound",
      { seconds: 30, frameRate: 30, gop: 2, sampleRate: null, videoGap: [10.1, 13.2] },
    ],
    ["sound that starts 7 s late", { seconds: 30, frameRate: 30, gop: 2, audioFromSeconds: 7 }],
    ["120 frames a second", { seconds: 20, frameRate: 120, gop: 2 }],
    ["12.5 frames a second", { seconds: 30, frameRate: 12.5, gop: 2 }],
    ["sound only, 48 kHz", { seconds: 30, frameRate: 0, gop: 1 }, false],
    ["sound only, 44.1 kHz", { seconds: 30, frameRate: 0, gop: 1, sampleRate: 44100 }, false],
    ["sound only, 8 kHz", { seconds: 30, frameRate: 0, gop: 1, sampleRate: 8000 }, false],
  ];
  test.each(rows)("%s", (_name, options, hasVideo = true) => {
    const sent = [...unitStream(options)];
    const result = run(sent, { hasVideo });
    expectLegal(result);
    expectComplete(sent, result, hasVideo);
    expect(result.segments.length).toBeGreaterThan(5);
  });

  test("sound that was ahead when the picture stopped does not wait for it", () => {
    const sent = [...unitStream({ seconds: 20, frameRate: 30, gop: 2, videoGap: [10.1, 60] })];
    const segmenter = new Segmenter({ hasVideo: true, partTargetSeconds: 0.2, targetDurationSeconds: TARGET_SECONDS });
    let [end, pictures] = [0, 0];
    for (const unit of sent) {
      for (const cut of segmenter.push(unit)) {
        if (cut.kind === "segment") continue;
        end = cut.part.startTicks + cut.part.durationTicks;
        pictures += cut.part.video.length;
      }
      if (end) expect(unit.clockTicks - end).toBeLessThan(0.7 * 90000);
    }
    expect(pictures).toBe(sent.filter(({ track }) => track === "video").length);
  });

  test.each([-1500, -300, 300, 1500])("sound sent %i ms apart from its picture", (skewMs) => {
    const units = [...unitStream({ seconds: 30, frameRate: 30, gop: 2 })];
    const cameAt = (unit: AccessUnit) => unit.clockTicks + (unit.track === "audio" ? skewMs * 90 : 0);
    const sent = units.sort((a, b) => cameAt(a) - cameAt(b));
    const result = run(sent);
    expectLegal(result);
    expectComplete(sent, result);
  });

  test("what comes after a discontinuity begins a new segment at a key frame, and PART-TARGET stays", () => {
    const segmenter = new Segmenter({ hasVideo: true, partTargetSeconds: 0.2, targetDurationSeconds: TARGET_SECONDS });
    const cuts: Cut[] = [];
    for (const unit of unitStream({ seconds: 5.05, frameRate: 30, gop: 2 })) cuts.push(...segmenter.push(unit));
    cuts.push(...segmenter.discontinue());
    const target = segmenter.partTargetTicks;
    expect(cuts.at(-1)).toMatchObject({ kind: "segment", segment: { msn: 3, end: "discontinued" } });
    const later = [
      ...unitStream({
        seconds: 14,
        frameRate: 24,
        gop: 2,
        frameTimes: (frame) => 9000 + Math.round((frame * 1000) / 24),
      }),
    ];
    const after: Cut[] = [];
    for (const unit of later.slice(3)) after.push(...segmenter.push(unit));
    expect(after[0]).toMatchObject({ kind: "part", part: { msn: 4, partIndex: 0, isIndependent: true } });
    expect(segmenter.partTargetTicks).toBe(target);
    expect(segmenter.discontinue().length).toBeGreaterThan(0);
    expect(segmenter.discontinue()).toEqual([]);
  });
});

test("whatever comes, no unit is lost, doubled or moved, and all cuts are legal", () => {
  const options = fc.record({
    frameRate: fc.constantFrom(...frameRates, 10, 15, 5),
    keys: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 }),
    jitter: fc.array(fc.integer({ min: -16, max: 16 }), { minLength: 1, maxLength: 7 }),
    drops: fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 6 }),
    sampleRate: fc.constantFrom(44100, 48000, null),
    partTargetSeconds: fc.constantFrom(0.1, 0.2, 0.333, 0.5, 1),
  });
  fc.assert(
    fc.property(options, ({ frameRate, keys, jitter, drops, sampleRate, partTargetSeconds }) => {
      const keyAt = new Set([0]);
      for (let at = 0, i = 0; at < 1000; i++) {
        at += keys[i % keys.length] ?? 1;
        keyAt.add(at);
      }
      const frameTimes = (frame: number) => {
        const dropped = drops.filter((drop) => drop * 10 < frame).length;
        return Math.round(
          ((frame + dropped) * 1000) / frameRate + (frameRate > 30 ? 0 : (jitter[frame % jitter.length] ?? 0)),
        );
      };
      const units = [
        ...unitStream({
          seconds: 12,
          frameRate,
          gop: (frame) => keyAt.has(frame),
          sampleRate,
          frameTimes: (frame) => Math.max(0, frameTimes(frame)),
        }),
      ];
      const result = run(units, { partTargetSeconds });
      expectComplete(units, result);
      expectLegal(result);
    }),
    { numRuns: 150 },
  );
});

describe("PART-TARGET", () => {
  test.each(frameRates)("holds whole frames at %f frames a second", (frameRate) => {
    const frame = 90000 / frameRate;
    const target = choosePartTarget(18000, frame);
    const most = Math.floor((target + 1) / frame) * frame;
    expect(most).toBeGreaterThanOrEqual(0.85 * target);
    expect(Math.abs(target - 18000)).toBeLessThan(2000);
  });

  test("the usual frame rate next to a measured one is found, and an unusual one left as it is", () => {
    expect(usualFrameTicks(3003)).toBe((90000 * 1001) / 30000);
    expect(usualFrameTicks(3000)).toBe(3000);
    expect(usualFrameTicks(90000 / 37)).toBe(90000 / 37);
  });
});
