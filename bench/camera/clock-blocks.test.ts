import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CLOCK_COLUMNS, CLOCK_STRIP, drawClock, readClock } from "./clock-blocks";

const [width, height] = [1280, 720];

function reader(luma: Buffer) {
  return (column: number, row: 0 | 1) => {
    const x = Math.floor(((column + 0.5) * width) / CLOCK_COLUMNS);
    const y = Math.floor(((row + 0.5) * height * CLOCK_STRIP) / 2);
    return luma[y * width + x] ?? 0;
  };
}

describe("the clock in the picture", () => {
  const luma = Buffer.alloc(width * height, 128);
  const times = fc.integer({ min: 1_500_000_000_000, max: 2_500_000_000_000 });

  it("is read as it was drawn, also across the wrap of its 32 bits", () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 20_000 }), (drawnMs, laterMs) => {
        drawClock(luma, width, height, drawnMs);
        expect(readClock(reader(luma), drawnMs + laterMs)).toBe(drawnMs);
      }),
      { numRuns: 50 },
    );
  });

  it("is not read out of a picture without contrast", () => {
    expect(readClock(() => 128, Date.now())).toBeNull();
  });

  it("is not read when a block has turned", () => {
    fc.assert(
      fc.property(times, fc.nat(CLOCK_COLUMNS - 1), (drawnMs, turned) => {
        drawClock(luma, width, height, drawnMs);
        const read = reader(luma);
        const lumaAt = (column: number, row: 0 | 1) =>
          column === turned ? 255 - read(column, row) : read(column, row);
        expect(readClock(lumaAt, drawnMs)).toBeNull();
      }),
      { numRuns: 50 },
    );
  });
});
