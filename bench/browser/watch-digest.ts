import { type Spread, spreadOf } from "../statistics";
import type { PageReport } from "./page-sampler";

const FREEZE_MS = 500;

export type Stall = { atMs: number; lastedMs: number };

/** What a viewer saw, in ms. */
export type WatchDigest = {
  /** Wall clock minus the clock in the picture, ten times a second. */
  latencies: { atMs: number; latencyMs: number }[];
  latency: Spread;
  /** From "waiting" to "playing", after the first picture. */
  stalls: Stall[];
  /** The same picture for more than half a second, whatever the element said. */
  freezes: Stall[];
  seeks: number;
  rates: number[];
  unreadableSamples: number;
  totalFrames: number;
  droppedFrames: number;
  error: string | null;
};

/** @param fromMs what was before is left out; the first picture by default */
export function digestOf(report: PageReport, fromMs = report.firstFrameMs ?? Number.POSITIVE_INFINITY): WatchDigest {
  const samples = report.samples.filter(({ atMs }) => atMs >= fromMs);
  const events = report.events.filter(({ atMs }) => atMs > fromMs);
  const latencies = samples.flatMap(({ atMs, clockMs }) =>
    clockMs === null ? [] : [{ atMs, latencyMs: atMs - clockMs }],
  );
  return {
    latencies,
    latency: spreadOf(latencies.map(({ latencyMs }) => latencyMs)),
    stalls: stallsOf(events, report.nowMs),
    freezes: freezesOf(latencies),
    seeks: events.filter(({ type }) => type === "seeking").length,
    rates: [...new Set(samples.map(({ rate }) => Number(rate.toFixed(2))))].sort((a, b) => a - b),
    unreadableSamples: samples.length - latencies.length,
    totalFrames: report.totalFrames,
    droppedFrames: report.droppedFrames,
    error: report.error,
  };
}

function stallsOf(events: PageReport["events"], nowMs: number): Stall[] {
  const stalls: Stall[] = [];
  let sinceMs: number | null = null;
  for (const { atMs, type } of events) {
    if (type === "waiting") sinceMs ??= atMs;
    if (type !== "playing" || sinceMs === null) continue;
    stalls.push({ atMs: sinceMs, lastedMs: atMs - sinceMs });
    sinceMs = null;
  }
  if (sinceMs !== null) stalls.push({ atMs: sinceMs, lastedMs: nowMs - sinceMs });
  return stalls;
}

function freezesOf(latencies: WatchDigest["latencies"]): Stall[] {
  const freezes: Stall[] = [];
  let since = latencies[0];
  if (!since) return freezes;
  let last = since;
  const note = (from: { atMs: number }, toMs: number) => {
    if (toMs - from.atMs > FREEZE_MS) freezes.push({ atMs: from.atMs, lastedMs: toMs - from.atMs });
  };
  for (const sample of latencies) {
    last = sample;
    if (sample.atMs - sample.latencyMs === since.atMs - since.latencyMs) continue;
    note(since, sample.atMs);
    since = sample;
  }
  note(since, last.atMs);
  return freezes;
}

/** What goes into a result's detail: no raw samples. */
export function summaryOf({ latencies, ...digest }: WatchDigest) {
  return { ...digest, samples: latencies.length };
}
