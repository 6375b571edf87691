import { describe, expect, it } from "vitest";
import {
  decideLatency,
  type LatencyMemory,
  type LatencySample,
  lowLatency,
  settingsForParts,
  startLatencyMemory,
} from "./latency-controller";

const sample = (bufferAheadSeconds: number, over: Partial<LatencySample> = {}): LatencySample => ({
  nowMs: 0,
  bufferAheadSeconds,
  behindEdgeSeconds: null,
  isStalled: false,
  isShowing: true,
  ...over,
});

/** A player that has come to the live edge. */
const joined = (nowMs: number): LatencyMemory => ({ ...startLatencyMemory(nowMs), hasJoined: true });

const decideOnce = (bufferAheadSeconds: number, over: Partial<LatencySample> = {}) =>
  decideLatency(joined(0), sample(bufferAheadSeconds, over));

/** A player in a world where a part of 0.2 s is published every 0.2 s and arrives `delayMs(publishedMs)` later. */
function play(seconds: number, startAheadSeconds: number, delayMs: (publishedMs: number) => number) {
  let memory: LatencyMemory = joined(0);
  let [position, stalls, isStalled] = [0, 0, false];
  const rates: number[] = [];
  const stepMs = 20;
  const publishedBefore = Math.round(startAheadSeconds / 0.2);
  const arrivals = Array.from({ length: Math.ceil(seconds / 0.2) + 1 }, (_, part) => part * 200 + delayMs(part * 200));
  let bufferEnd = publishedBefore * 0.2;
  let [arrived, latestMs] = [0, 0];
  for (let nowMs = 0; nowMs < seconds * 1000; nowMs += stepMs) {
    for (; arrived < arrivals.length; arrived++) {
      latestMs = Math.max(latestMs, arrivals[arrived] ?? 0);
      if (latestMs > nowMs) break;
      bufferEnd += 0.2;
    }
    const ahead = bufferEnd - position;
    const mayPlay = isStalled ? ahead >= 0.2 : ahead > 0.001;
    if (!mayPlay && !isStalled) stalls++;
    isStalled = !mayPlay;
    const decision = decideLatency(memory, sample(ahead, { nowMs, isStalled }));
    memory = decision.memory;
    rates.push(decision.playbackRate);
    position +=
      (decision.jumpSeconds ?? 0) + (isStalled ? 0 : Math.min(ahead, (decision.playbackRate * stepMs) / 1000));
  }
  return { aheadSeconds: bufferEnd - position, stalls, rates, targetSeconds: memory.targetSeconds };
}

describe("decideLatency", () => {
  it.each([
    [0.25, 1],
    [0.29, 1],
    [0.45, 1.05],
    [1.7, 1.1],
    [0.1, 0.96],
    [0, 0.95],
  ])("with %s s buffered it plays at %s", (ahead, rate) => {
    expect(decideOnce(ahead)).toMatchObject({ playbackRate: rate, jumpSeconds: null });
  });

  it("jumps where catching up by rate would take minutes", () => {
    expect(decideOnce(10)).toMatchObject({ playbackRate: 1, jumpSeconds: 9.75 });
  });

  it("gives up what it missed while the network was away", () => {
    expect(decideOnce(0.3, { behindEdgeSeconds: 60 })).toMatchObject({ playbackRate: 1, jumpSeconds: 59 });
    expect(decideOnce(0.3, { behindEdgeSeconds: 5 }).jumpSeconds).toBeNull();
  });

  it("steers by the least buffer of the last moments, not by the part that just arrived", () => {
    const low = decideOnce(0.25);
    expect(decideLatency(low.memory, sample(0.45, { nowMs: 200 })).playbackRate).toBe(1);
    expect(decideLatency(low.memory, sample(0.45, { nowMs: 2000 })).playbackRate).toBe(1.05);
  });

  it("does the same where parts last a second", () => {
    const settings = settingsForParts(lowLatency, 1);
    let memory = joined(0);
    const rates = Array.from({ length: 100 }, (_, step) => {
      const nowMs = step * 50;
      const decision = decideLatency(memory, sample(1.2 - (nowMs % 1000) / 1000, { nowMs }), settings);
      memory = decision.memory;
      return decision.playbackRate;
    });
    expect(new Set(rates.slice(30))).toEqual(new Set([1]));
    expect(settingsForParts(lowLatency, 0.2)).toBe(lowLatency);
  });

  it("asks for more buffer after a stall, once a stall, and never without bound", () => {
    let memory = joined(0);
    const targetAfter = (isStalled: boolean) => {
      memory = decideLatency(memory, sample(0, { isStalled })).memory;
      return memory.targetSeconds;
    };
    expect([targetAfter(true), targetAfter(true), targetAfter(false), targetAfter(true)]).toEqual([
      0.45, 0.45, 0.45, 0.65,
    ]);
    for (let count = 0; count < 50; count++) [targetAfter(false), targetAfter(true)];
    expect(memory.targetSeconds).toBe(lowLatency.maxTargetSeconds);
  });

  it("comes down again step by step while the least buffer leaves room for it", () => {
    const run = (memory: LatencyMemory, fromMs: number, toMs: number, buffered: number) => {
      let latest = memory;
      for (let nowMs = fromMs; nowMs <= toMs; nowMs += 500)
        latest = decideLatency(latest, sample(buffered, { nowMs })).memory;
      return latest;
    };
    const raised = decideLatency(joined(0), sample(0, { isStalled: true })).memory;
    const early = run(raised, 500, lowLatency.calmMs / 8, 0.45);
    const calm = run(early, lowLatency.calmMs / 8 + 500, lowLatency.calmMs * 4, 0.45);
    const narrow = run(raised, 500, lowLatency.calmMs * 4, 0.2);
    expect([early.targetSeconds, calm.targetSeconds, narrow.targetSeconds]).toEqual([
      0.45,
      lowLatency.targetSeconds,
      0.45,
    ]);
  });

  it("does not take an encoder's absence for a bad network, and comes back at the live edge", () => {
    const away = [0, 500, 1000, 1600].reduce(
      (memory, nowMs) => decideLatency(memory, sample(0, { nowMs, isStalled: true })).memory,
      joined(0),
    );
    const back = decideLatency(away, sample(1.9, { nowMs: 4000, behindEdgeSeconds: 2 }));
    expect(away.targetSeconds).toBe(lowLatency.targetSeconds);
    expect(back.jumpSeconds).toBeCloseTo(1.65);
  });

  it("jumps less than a second only before a first frame is shown", () => {
    const decide = (isShowing: boolean) =>
      decideLatency(startLatencyMemory(0), sample(0.9, { behindEdgeSeconds: 1, isShowing }));
    expect(decide(false).jumpSeconds).toBeCloseTo(0.65);
    expect(decide(true)).toMatchObject({ jumpSeconds: null, memory: { hasJoined: true } });
  });

  it("raises the target before the picture stops, once until the buffer has had time to fill", () => {
    const start = joined(-lowLatency.settleMs);
    const first = decideLatency(start, sample(0.05, { nowMs: 0 })).memory;
    const second = decideLatency(first, sample(0.05, { nowMs: 100 })).memory;
    expect([first.targetSeconds, second.targetSeconds]).toEqual([0.35, 0.35]);
  });

  it("jumps to the live edge once, when all behind the first key frame has been fetched", () => {
    const start = startLatencyMemory(0);
    const fetching = decideLatency(start, sample(0.8, { behindEdgeSeconds: 2 }));
    const fetched = decideLatency(fetching.memory, sample(1.9, { nowMs: 100, behindEdgeSeconds: 2 }));
    const after = decideLatency(fetched.memory, sample(1, { nowMs: 200, behindEdgeSeconds: 1 }));
    expect([fetching.jumpSeconds, fetched.jumpSeconds, after.jumpSeconds]).toEqual([null, expect.closeTo(1.65), null]);
  });

  it("keeps a bounded memory when the clock stands still", () => {
    let memory = joined(0);
    for (let count = 0; count < 1000; count++) memory = decideLatency(memory, sample(1)).memory;
    expect(memory.recent.length).toBeLessThanOrEqual(64);
  });

  it("settles near its target from 2 s behind, without a stall and within its rates", () => {
    const calm = play(60, 2, () => 30);
    expect(calm.stalls).toBe(0);
    expect(calm.aheadSeconds).toBeGreaterThan(0.15);
    expect(calm.aheadSeconds).toBeLessThan(0.6);
    expect(Math.min(...calm.rates)).toBeGreaterThanOrEqual(lowLatency.minRate);
    expect(Math.max(...calm.rates)).toBeLessThanOrEqual(lowLatency.maxRate);
  });

  it("stops stalling on a network that is late now and then", () => {
    const lateEveryFourSeconds = (publishedMs: number) => (publishedMs % 4000 < 200 ? 700 : 30);
    const stallsBy = (seconds: number) => play(seconds, 0.6, lateEveryFourSeconds).stalls;
    const [inOneMinute, inTwoMinutes] = [stallsBy(60), stallsBy(120)];
    expect(inOneMinute).toBeGreaterThan(0);
    expect(inTwoMinutes - inOneMinute).toBeLessThan(15 / 2);
    expect(play(120, 0.6, lateEveryFourSeconds).targetSeconds).toBeGreaterThan(0.4);
  });

  it("is back at its least latency a few minutes after the network has calmed down", () => {
    const badFirst = (publishedMs: number) => (publishedMs < 30_000 && publishedMs % 4000 < 200 ? 700 : 30);
    const recovered = play(240, 0.6, badFirst);
    expect(recovered.targetSeconds).toBe(lowLatency.targetSeconds);
    expect(recovered.aheadSeconds).toBeLessThan(0.6);
  });
});
