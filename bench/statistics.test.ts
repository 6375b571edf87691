import { describe, expect, it } from "vitest";
import { medianOf, quantile, rounded, slopeOf, spreadOf } from "./statistics";

describe("statistics", () => {
  it("takes quantiles by nearest rank, whatever the order of the values", () => {
    const values = Array.from({ length: 100 }, (_, at) => 100 - at);
    expect(spreadOf(values)).toEqual({ count: 100, min: 1, median: 50, p95: 95, p99: 99, max: 100 });
    expect(quantile([7], 0.99)).toBe(7);
  });

  it("leaves out what is not a number", () => {
    expect(medianOf([Number.NaN, 3, 1, 2])).toBe(2);
    expect(rounded(medianOf([]))).toBeNull();
  });

  it("finds the slope of a noisy line", () => {
    const points = Array.from({ length: 200 }, (_, x) => ({ x, y: 5 + 0.5 * x + (x % 2 ? 3 : -3) }));
    expect(slopeOf(points)).toBeCloseTo(0.5, 2);
  });

  it("knows no slope of a single point", () => {
    expect(slopeOf([{ x: 1, y: 1 }])).toBeNaN();
  });
});
