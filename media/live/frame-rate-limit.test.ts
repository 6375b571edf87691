import { expect, it } from "vitest";
import { FrameRateLimit } from "./frame-rate-limit";

/** Frames taken of ten seconds at a rate, on times of whole milliseconds. */
function taken(framesPerSecond: number): number {
  const limit = new FrameRateLimit();
  for (let frame = 0; frame < 10 * framesPerSecond; frame++) {
    if (!limit.add(Math.round((frame * 1000) / framesPerSecond) * 90)) return frame;
  }
  return 10 * framesPerSecond;
}

it.each([24, 60, 120, 240])("takes %i frames a second for as long as they come", (rate) => {
  expect(taken(rate)).toBe(10 * rate);
});

it("takes 400 frames a second for a few seconds and no longer", () => {
  expect(taken(400)).toBeLessThan(400 * 4);
});

it("takes a burst of a second's frames at one time, and not one after the other for ever", () => {
  const limit = new FrameRateLimit();
  for (let i = 0; i < 240; i++) expect(limit.add(90)).toBe(true);
  expect(Array.from({ length: 300 }, () => limit.add(91)).at(-1)).toBe(false);
});
