import { describe, expect, test } from "vitest";
import { ArrivalClock } from "./arrival-clock";

const TICKS_PER_MS = 90;
const START_MS = 1_700_000_000_000;

/** Dates of 2 s segments of a 30 fps stream. @param delayMs of each frame on its way @param rate of the encoder's clock against ours */
function dates(seconds: number, delayMs: (frame: number) => number, rate = 1): { off: number[]; steps: number[] } {
  const clock = new ArrivalClock();
  const off: number[] = [];
  const found: number[] = [];
  for (let frame = 0; frame < seconds * 30; frame++) {
    const mediaMs = (frame * 1000) / 30;
    clock.note(mediaMs * TICKS_PER_MS, START_MS + mediaMs * rate + delayMs(frame));
    // A segment's first part is dated when it is complete.
    if (frame % 60 !== 5) continue;
    const segmentMs = ((frame - 5) * 1000) / 30;
    const date = clock.timeOf(segmentMs * TICKS_PER_MS, true);
    off.push(date - START_MS - segmentMs * rate);
    found.push(date);
  }
  return { off, steps: found.slice(1).map((date, i) => date - (found[i] ?? 0) - 2000) };
}

const most = (values: number[]): number => Math.max(...values.map(Math.abs));

describe("dates", () => {
  test("of an even stream are its times of arrival, to the millisecond", () => {
    expect(most(dates(60, () => 0).off)).toBeLessThanOrEqual(1);
  });

  test("stay within 50 ms of the encoder's clock whatever the network delays", () => {
    const { off, steps } = dates(600, (frame) => (frame % 13) * 3 + (frame % 300 > 290 ? 400 : 0));
    expect(most(off)).toBeLessThan(50);
    expect(most(steps)).toBeLessThan(100);
  });

  test("follow an encoder whose clock runs a two-thousandth slow", () => {
    const { off } = dates(1200, () => 0, 1.0005);
    expect(most(off)).toBeLessThan(50);
  });

  test("catch up with an encoder whose first frames came late, and never part from the durations by 100 ms", () => {
    const { off, steps } = dates(60, (frame) => Math.max(0, 250 - frame * 3));
    expect(most(off.slice(8))).toBeLessThan(50);
    expect(most(steps)).toBeLessThan(100);
  });

  test("begin anew with a new connection", () => {
    const clock = new ArrivalClock();
    clock.note(0, START_MS);
    expect(clock.timeOf(0, true)).toBe(START_MS);
    clock.restart();
    clock.note(10_000 * TICKS_PER_MS, START_MS + 14_000);
    expect(clock.timeOf(10_000 * TICKS_PER_MS, true)).toBe(START_MS + 14_000);
  });
});
