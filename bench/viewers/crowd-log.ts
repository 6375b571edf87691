/** When a part was there for the first time, and each of its deliveries; wall clocks in ms. */
export type PartTimes = { firstSeen: [key: string, atMs: number][]; deliveries: [key: string, doneMs: number][] };

/** What all viewers of one process did. Plain JSON. */
export type CrowdReport = {
  requests: number;
  bytes: number;
  /** Times to the last byte, by kind of request, while the crowd was steady. A held request's includes its wait. */
  tookMs: Record<string, number[]>;
  /** How often each fault happened. */
  faults: Record<string, number>;
  parts: PartTimes;
  viewersThatMissed: number;
  viewersThatStalled: number;
  viewersLeftBehind: number;
  stalls: number;
  /** Share of the time in which the process's event loop was at work, and its p99 delay in ms. */
  loopShare: number;
  loopDelayMs: number;
};

/** Gathers what the viewers of a process report. Before `steadyMs` (wall clock) nothing but faults counts. */
export class CrowdLog {
  requests = 0;
  bytes = 0;
  readonly tookMs: Record<string, number[]> = {};
  readonly faults: Record<string, number> = {};
  private readonly firstSeen = new Map<string, number>();
  private readonly deliveries: [string, number][] = [];

  constructor(
    private readonly steadyMs: number,
    private readonly keepsTimes: boolean,
  ) {}

  answered(kind: string, sizeBytes: number, tookMs: number): void {
    if (Date.now() < this.steadyMs) return;
    this.requests += 1;
    this.bytes += sizeBytes;
    if (!this.keepsTimes) return;
    this.tookMs[kind] ??= [];
    this.tookMs[kind].push(Math.round(tookMs * 10) / 10);
  }

  fault(what: string): void {
    this.faults[what] = (this.faults[what] ?? 0) + 1;
  }

  seen(channel: string, key: string, atMs: number): void {
    const name = `${channel} ${key}`;
    if (this.keepsTimes && !this.firstSeen.has(name)) this.firstSeen.set(name, atMs);
  }

  delivered(channel: string, key: string, doneMs: number): void {
    if (this.keepsTimes && doneMs >= this.steadyMs) this.deliveries.push([`${channel} ${key}`, doneMs]);
  }

  get parts(): PartTimes {
    return { firstSeen: [...this.firstSeen], deliveries: this.deliveries };
  }
}

/** How long after it was first there each part was delivered, over all processes, in ms. */
export function deliveryDelays(times: readonly PartTimes[]): number[] {
  const existsMs = new Map<string, number>();
  for (const { firstSeen } of times) {
    for (const [key, atMs] of firstSeen)
      existsMs.set(key, Math.min(existsMs.get(key) ?? Number.POSITIVE_INFINITY, atMs));
  }
  return times.flatMap(({ deliveries }) =>
    deliveries.flatMap(([key, doneMs]) => {
      const sinceMs = existsMs.get(key);
      return sinceMs === undefined ? [] : [doneMs - sinceMs];
    }),
  );
}
