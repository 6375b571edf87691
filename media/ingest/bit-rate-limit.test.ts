import { describe, expect, it } from "vitest";
import { BitRateLimit } from "./bit-rate-limit";

const KBPS = 800; // 100,000 bytes a second

describe("BitRateLimit", () => {
  it("lets a stream of exactly the rate pass for ever", () => {
    const limit = new BitRateLimit(KBPS, 0);
    const passes = Array.from({ length: 3600 }, (_, second) => limit.add(100_000, (second + 1) * 1000));
    expect(passes.every(Boolean)).toBe(true);
  });

  it("lets a burst of less than ten seconds' worth pass", () => {
    expect(new BitRateLimit(KBPS, 0).add(999_999, 1)).toBe(true);
  });

  it("stops twice the rate after about ten seconds", () => {
    const limit = new BitRateLimit(KBPS, 0);
    let seconds = 1;
    while (limit.add(200_000, seconds * 1000)) seconds++;
    expect(seconds).toBeGreaterThanOrEqual(9);
    expect(seconds).toBeLessThanOrEqual(12);
  });
});
