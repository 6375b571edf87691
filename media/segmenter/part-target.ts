import { CLOCK_RATE } from "../timeline/access-unit";

/** The least share of PART-TARGET that a part other than a segment's last may last (RFC 8216bis 4.4.3.7). */
export const LEAST_PART_SHARE = 0.85;

const TICKS_PER_MS = CLOCK_RATE / 1000;

/**
 * PART-TARGET for a frame rate: as wished where some number of whole frames lasts between 85 % and 100 % of it, else the
 * nearest number of whole frames, up to the next millisecond: 24 frames a second give 209 ms for a wish of 200.
 * @param wishTicks @param frameTicks both on the 90 kHz clock
 */
export function choosePartTarget(wishTicks: number, frameTicks: number): number {
  const most = Math.floor((wishTicks * 1.0001) / frameTicks) * frameTicks;
  if (most >= LEAST_PART_SHARE * wishTicks + TICKS_PER_MS) return wishTicks;
  const whole = Math.max(1, Math.round(wishTicks / frameTicks)) * frameTicks;
  return Math.ceil((whole - 1) / TICKS_PER_MS) * TICKS_PER_MS;
}

const USUAL_FRAME_RATES = [
  10,
  12,
  12.5,
  15,
  20,
  24000 / 1001,
  24,
  25,
  30000 / 1001,
  30,
  48,
  50,
  60000 / 1001,
  60,
  100,
  120,
];

/** The usual frame rate's distance of frames next to a measured one, where that is as near as millisecond times can tell. */
export function usualFrameTicks(measuredTicks: number): number {
  let nearest = measuredTicks;
  let least = 0.007;
  for (const rate of USUAL_FRAME_RATES) {
    const off = Math.abs(measuredTicks / (CLOCK_RATE / rate) - 1);
    if (off < least) {
      least = off;
      nearest = CLOCK_RATE / rate;
    }
  }
  return nearest;
}
