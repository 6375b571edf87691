/**
 * One sentence for the log of who was refused as stale: by how much the two clocks differ.
 * @param answeredAt the `Date` header of the answer @param nowMs this machine's clock, ms since 1970
 */
export function describeClockDifference(answeredAt: string | null, nowMs: number): string {
  const aheadMs = Date.parse(answeredAt ?? "") - nowMs;
  const howMuch = Number.isFinite(aheadMs) ? `by ${Math.abs(Math.round(aheadMs / 1000))} s` : "too much";
  return `the clocks of portal and media differ ${howMuch}: set both right`;
}
