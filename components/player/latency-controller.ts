/** What the player sees at one moment, a few times a second. */
export type LatencySample = {
  /** A clock that never goes back. */
  nowMs: number;
  /** Seconds of video that are there and not yet shown. */
  bufferAheadSeconds: number;
  /** Seconds from the position to the newest video that the playlist announced; null when unknown. */
  behindEdgeSeconds: number | null;
  /** Nothing is shown although it should be. */
  isStalled: boolean;
};

export type LatencySettings = {
  /** What stays buffered at the least, while the network is calm. */
  targetSeconds: number;
  /** What a bad network may raise it to. */
  maxTargetSeconds: number;
  /** Added to the target by each stall. */
  stallStepSeconds: number;
  /** Without a stall for so long, the target comes down by one relief step; and again. */
  calmMs: number;
  reliefStepSeconds: number;
  minRate: number;
  maxRate: number;
  /** How much faster for each second of buffer above the target. */
  rateGainPerSecond: number;
  /** Buffer within this of the target is left alone. */
  toleranceSeconds: number;
  /** With more than this above the target, catching up by rate would take too long: jump. */
  jumpAboveSeconds: number;
  /** Further behind the edge than this (the network was away), what lies between is given up. */
  giveUpBehindSeconds: number;
  /** Where such a jump lands, in seconds behind the edge. */
  landBehindSeconds: number;
  /** The buffer breathes with each part that arrives; its least over this time is what counts. Longer than a part. */
  windowMs: number;
};

export const latencySettings: LatencySettings = {
  targetSeconds: 0.25,
  maxTargetSeconds: 3,
  stallStepSeconds: 0.2,
  calmMs: 12_000,
  reliefStepSeconds: 0.1,
  minRate: 0.95,
  maxRate: 1.1,
  rateGainPerSecond: 0.25,
  toleranceSeconds: 0.05,
  jumpAboveSeconds: 1.5,
  giveUpBehindSeconds: 10,
  landBehindSeconds: 1,
  windowMs: 600,
};

/** What the controller remembers from one sample to the next. */
export type LatencyMemory = {
  targetSeconds: number;
  recent: readonly { atMs: number; bufferAheadSeconds: number }[];
  wasStalled: boolean;
  /** Of the last stall, or of the last relief since. */
  calmSinceMs: number;
};

export type LatencyDecision = {
  memory: LatencyMemory;
  playbackRate: number;
  /** Seconds to jump forward, null to stay. */
  jumpSeconds: number | null;
};

/** `nowMs` by the same clock as the samples. */
export function startLatencyMemory(nowMs: number, settings: LatencySettings = latencySettings): LatencyMemory {
  return { targetSeconds: settings.targetSeconds, recent: [], wasStalled: false, calmSinceMs: nowMs };
}

/**
 * How fast to play, and whether to jump, so that just `targetSeconds` stay buffered. The buffer is what is steered by, not the
 * distance to the edge: it alone tells how late the network may be before the picture stops. Pure.
 */
export function decideLatency(
  memory: LatencyMemory,
  sample: LatencySample,
  settings: LatencySettings = latencySettings,
): LatencyDecision {
  const { targetSeconds, calmSinceMs } = adaptTarget(memory, sample, settings);
  const recent = recentSamples(memory, sample, settings);
  const next: LatencyMemory = { targetSeconds, calmSinceMs, recent, wasStalled: sample.isStalled };
  const slackSeconds = Math.min(...recent.map(({ bufferAheadSeconds }) => bufferAheadSeconds)) - targetSeconds;
  const jumpSeconds = jumpFor(slackSeconds, sample, settings);
  if (jumpSeconds !== null) return { memory: { ...next, recent: [] }, playbackRate: 1, jumpSeconds };
  return { memory: next, playbackRate: sample.isStalled ? 1 : rateFor(slackSeconds, settings), jumpSeconds: null };
}

function jumpFor(slackSeconds: number, { behindEdgeSeconds }: LatencySample, settings: LatencySettings): number | null {
  if (slackSeconds > settings.jumpAboveSeconds) return slackSeconds;
  if (behindEdgeSeconds === null || behindEdgeSeconds <= settings.giveUpBehindSeconds) return null;
  return behindEdgeSeconds - settings.landBehindSeconds;
}

/** A stall is counted once, when it begins. */
function adaptTarget(memory: LatencyMemory, sample: LatencySample, settings: LatencySettings) {
  const { targetSeconds, calmSinceMs, wasStalled } = memory;
  if (sample.isStalled) {
    const raised = wasStalled ? targetSeconds : targetSeconds + settings.stallStepSeconds;
    return { targetSeconds: Math.min(raised, settings.maxTargetSeconds), calmSinceMs: sample.nowMs };
  }
  const isCalm = sample.nowMs - calmSinceMs >= settings.calmMs;
  if (!isCalm) return { targetSeconds, calmSinceMs };
  return {
    targetSeconds: Math.max(settings.targetSeconds, targetSeconds - settings.reliefStepSeconds),
    calmSinceMs: sample.nowMs,
  };
}

/** Bounded by time and, should the clock stand still, by count. */
function recentSamples({ recent }: LatencyMemory, sample: LatencySample, settings: LatencySettings) {
  const fresh = recent.filter(({ atMs }) => sample.nowMs - atMs < settings.windowMs).slice(-63);
  return [...fresh, { atMs: sample.nowMs, bufferAheadSeconds: sample.bufferAheadSeconds }];
}

/** Steps of a hundredth, so that the rate is not touched at every sample. */
function rateFor(slackSeconds: number, settings: LatencySettings): number {
  if (Math.abs(slackSeconds) <= settings.toleranceSeconds) return 1;
  const rate = Math.round((1 + slackSeconds * settings.rateGainPerSecond) * 100) / 100;
  return Math.min(settings.maxRate, Math.max(settings.minRate, rate));
}
