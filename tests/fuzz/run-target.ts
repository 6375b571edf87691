import fc from "fast-check";
import type { FuzzTarget } from "./fuzz-targets";

/**
 * Feeds a reader for about `milliseconds` with inputs that follow from `seed`.
 * @returns how many inputs it had @throws Error with seed, path and the smallest input when one breaks it
 */
export function runTarget({ property }: FuzzTarget, milliseconds: number, seed: number): number {
  const details = fc.check(property, {
    seed,
    numRuns: 100_000_000,
    interruptAfterTimeLimit: milliseconds,
    markInterruptAsFailure: false,
  });
  if (details.failed) throw new Error(fc.defaultReportMessage(details) ?? `seed ${seed}`);
  return details.numRuns;
}
