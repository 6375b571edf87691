// The wall clock in the picture: a strip of two rows of black and white blocks across its top. The upper row carries
// the bits, the lower one their opposites, so that a reader compares two neighbours and needs to know no threshold.

export const CLOCK_COLUMNS = 40;
/** Share of the picture's height that the two rows fill together. */
export const CLOCK_STRIP = 1 / 9;

const TIME_BITS = 32;
const TIME_RANGE_MS = 2 ** TIME_BITS;
/** Luma by which a block and its opposite must differ at least to be believed. */
const LEAST_CONTRAST = 60;

/** Eight bits that tell a clock from a half-drawn or blended one. */
function checkOf(time: number): number {
  let check = 0x5a;
  for (let shift = 0; shift < TIME_BITS; shift += 8) check = ((check * 31) ^ ((time >>> shift) & 0xff)) & 0xff;
  return check;
}

/** The upper row's bits for a wall clock in ms: its low 32 bits, then the check. */
export function clockBits(wallClockMs: number): boolean[] {
  const time = wallClockMs % TIME_RANGE_MS;
  const bits: boolean[] = [];
  for (let bit = TIME_BITS - 1; bit >= 0; bit--) bits.push(((time >>> bit) & 1) === 1);
  for (let bit = 7; bit >= 0; bit--) bits.push(((checkOf(time) >>> bit) & 1) === 1);
  return bits;
}

/**
 * Reads a clock. @param lumaAt brightness (0 to 255) in the middle of a block
 * @param nowMs the reader's wall clock, within three weeks of the picture's
 * @returns the picture's wall clock in ms, or null when what is there is no clock
 */
export function readClock(lumaAt: (column: number, row: 0 | 1) => number, nowMs: number): number | null {
  let time = 0;
  let check = 0;
  for (let column = 0; column < CLOCK_COLUMNS; column++) {
    const contrast = lumaAt(column, 0) - lumaAt(column, 1);
    if (Math.abs(contrast) < LEAST_CONTRAST) return null;
    const bit = contrast > 0 ? 1 : 0;
    if (column < TIME_BITS) time = ((time << 1) | bit) >>> 0;
    else check = (check << 1) | bit;
  }
  if (check !== checkOf(time)) return null;
  const turns = Math.round((nowMs - time) / TIME_RANGE_MS);
  return turns * TIME_RANGE_MS + time;
}

/** Draws the clock into the luma plane of a picture. */
export function drawClock(luma: Buffer, width: number, height: number, wallClockMs: number): void {
  const rowHeight = Math.floor((height * CLOCK_STRIP) / 2);
  const bits = clockBits(wallClockMs);
  for (const row of [0, 1]) {
    const line = luma.subarray(row * rowHeight * width, (row * rowHeight + 1) * width);
    for (const [column, bit] of bits.entries()) {
      const from = Math.round((column * width) / CLOCK_COLUMNS);
      line.fill(bit === (row === 0) ? 235 : 16, from, Math.round(((column + 1) * width) / CLOCK_COLUMNS));
    }
    for (let y = 1; y < rowHeight; y++) line.copy(luma, (row * rowHeight + y) * width);
  }
}
