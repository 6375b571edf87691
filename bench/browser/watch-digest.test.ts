import { describe, expect, it } from "vitest";
import type { PageReport } from "./page-sampler";
import { digestOf } from "./watch-digest";

const report = (over: Partial<PageReport>): PageReport => ({
  firstFrameMs: 1000,
  clickedMs: null,
  samples: [],
  events: [],
  nowMs: 10_000,
  totalFrames: 0,
  droppedFrames: 0,
  error: null,
  ...over,
});
const sample = (atMs: number, clockMs: number | null) => ({ atMs, clockMs, rate: 1 });

describe("what a viewer saw", () => {
  it("is late by the wall clock minus the picture's", () => {
    const digest = digestOf(report({ samples: [sample(1100, 500), sample(1200, 700), sample(1300, null)] }));
    expect(digest.latencies.map(({ latencyMs }) => latencyMs)).toEqual([600, 500]);
    expect(digest.unreadableSamples).toBe(1);
  });

  it("counts stalls after the first picture, and the one that goes on", () => {
    const at = (atMs: number, type: string) => ({ atMs, type });
    const events = [
      ...[at(900, "waiting"), at(950, "playing"), at(2000, "waiting"), at(2100, "waiting"), at(2400, "playing")],
      at(9000, "waiting"),
    ];
    expect(digestOf(report({ events })).stalls).toEqual([
      { atMs: 2000, lastedMs: 400 },
      { atMs: 9000, lastedMs: 1000 },
    ]);
  });

  it("sees a picture that stands still although the element says nothing", () => {
    const samples = [1100, 1200, 1300, 1700, 1800].map((atMs) => sample(atMs, 1000));
    expect(digestOf(report({ samples: [...samples, sample(1900, 1500)] })).freezes).toEqual([
      { atMs: 1100, lastedMs: 800 },
    ]);
    expect(digestOf(report({ samples })).freezes).toHaveLength(1);
  });

  it("leaves out what was before the time asked for", () => {
    const digest = digestOf(report({ samples: [sample(1100, 500), sample(5000, 4000)] }), 4000);
    expect(digest.latency.median).toBe(1000);
  });
});
