/** How one part of `npm test` went. */
export type Counts = { passed: number; failed: number; skipped: number };
export type PartResult = Counts & { name: string; seconds: number };

/** A runner that ended badly without reporting a failure, or without a report, has failed once: nothing may pass unseen. */
export function countsOf(reported: Counts | null, exitCode: number): Counts {
  if (!reported) return { passed: 0, failed: 1, skipped: 0 };
  return exitCode !== 0 && reported.failed === 0 ? { ...reported, failed: 1 } : reported;
}

export function sentenceOf({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

export function sumOf(parts: Counts[]): Counts {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of parts) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  return sum;
}
