import { describe, expect, it } from "vitest";
import { crowdOf, crowdSize, stageLightOf } from "./stage-light";

describe("stageLightOf", () => {
  it("is always the same for a handle, and another for another", () => {
    expect(stageLightOf("mina")).toEqual(stageLightOf("mina"));
    expect(stageLightOf("mina")).not.toEqual(stageLightOf("nari"));
  });

  it("keeps every beam in the picture and pointing down, whatever the handle", () => {
    for (let count = 0; count < 500; count++) {
      const { beams } = stageLightOf(`handle-${count}`);
      expect(beams.length).toBeGreaterThanOrEqual(4);
      expect(new Set(beams.map(({ x }) => x)).size).toBe(beams.length);
      for (const { x, leanDegrees, strength } of beams) {
        expect(x).toBeGreaterThan(0);
        expect(x).toBeLessThan(1600);
        expect(Math.abs(leanDegrees)).toBeLessThan(60);
        expect(strength).toBeLessThanOrEqual(0.75);
      }
    }
  });
});

describe("the audience", () => {
  it("is nobody for nobody, somebody for one, and never more than a full house", () => {
    expect([0, 1, 10, 1_000_000].map(crowdSize)).toEqual([0, 3, 14, 30]);
  });

  it("keeps its places while it grows", () => {
    expect(crowdOf("mina", 20).slice(0, 5)).toEqual(crowdOf("mina", 5));
  });
});
