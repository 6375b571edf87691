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
  /** A frame has been shown. */
  isShowing: boolean;
};

export type LatencySettings = {
  /** What stays buffered at the least, while the network is calm. */
  targetSeconds: number;
  /** What a bad network may raise it to. */
  maxTargetSeconds: number;
  /** Added to the target by each stall. */
  stallStepSeconds: number;
  /** With less than this left the picture nearly stopped: the target is raised before it does. */
  narrowSeconds: number;
  /** After a rise, how long until the next one: the rate needs time to fill the buffer. */
  settleMs: number;
  /** A longer stall is an absence (the encoder's, or the whole network's) that no buffer would have bridged. */
  absenceMs: number;
  /** The target comes down a step when the buffer of all this time would have been enough with a step less. */
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
  /** The same for the first way to the live edge: who has hardly begun to watch misses nothing. */
  joinJumpAboveSeconds: number;
  /** The same before a first frame is shown, when a jump can't be seen. */
  unseenJumpAboveSeconds: number;
  /** Further behind the edge than this (the network was away), what lies between is given up. */
  giveUpBehindSeconds: number;
  /** Where such a jump lands, in seconds behind the edge. */
  landBehindSeconds: number;
  /** The buffer breathes with each part that arrives; its least over this time is what counts. Longer than a part. */
  windowMs: number;
};

/** As near to the edge as the network allows. */
export const lowLatency: LatencySettings = {
  targetSeconds: 0.25,
  maxTargetSeconds: 3,
  stallStepSeconds: 0.2,
  narrowSeconds: 0.08,
  settleMs: 2_000,
  absenceMs: 1_500,
  calmMs: 45_000,
  reliefStepSeconds: 0.1,
  minRate: 0.95,
  maxRate: 1.1,
  rateGainPerSecond: 0.25,
  toleranceSeconds: 0.05,
  jumpAboveSeconds: 1.5,
  joinJumpAboveSeconds: 0.9,
  unseenJumpAboveSeconds: 0.3,
  giveUpBehindSeconds: 10,
  landBehindSeconds: 1,
  windowMs: 600,
};

/** A few seconds behind, for a network that comes and goes. */
export const normalLatency: LatencySettings = {
  ...lowLatency,
  targetSeconds: 3,
  maxTargetSeconds: 8,
  stallStepSeconds: 1,
  narrowSeconds: 0.5,
  jumpAboveSeconds: 6,
  joinJumpAboveSeconds: 2,
  unseenJumpAboveSeconds: 1,
  giveUpBehindSeconds: 25,
  landBehindSeconds: 4,
};

/** The same for parts of this length: whatever it is, the least buffer of a while is only told by more than one part. */
export function settingsForParts(settings: LatencySettings, partTargetSeconds: number): LatencySettings {
  const windowMs = Math.max(settings.windowMs, 1_500 * partTargetSeconds);
  return windowMs === settings.windowMs ? settings : { ...settings, windowMs };
}

/** What the controller remembers from one sample to the next. */
export type LatencyMemory = {
  targetSeconds: number;
  recent: readonly { atMs: number; bufferAheadSeconds: number }[];
  /** The least buffer of each second, over `calmMs`. */
  lows: readonly { atMs: number; seconds: number }[];
  /** False until the picture has come to the live edge. */
  hasJoined: boolean;
  /** Of the last change of the target. */
  changedMs: number;
  /** The stall that is on: when it began, and the target before it. */
  stall: { sinceMs: number; targetSeconds: number } | null;
};

export type LatencyDecision = {
  memory: LatencyMemory;
  playbackRate: number;
  /** Seconds to jump forward, null to stay. */
  jumpSeconds: number | null;
};

/** `nowMs` by the same clock as the samples. */
export function startLatencyMemory(nowMs: number, settings: LatencySettings = lowLatency): LatencyMemory {
  const { targetSeconds } = settings;
  return { targetSeconds, recent: [], lows: [], hasJoined: false, changedMs: nowMs, stall: null };
}

/**
 * How fast to play, and whether to jump, so that just `targetSeconds` stay buffered. The buffer is what is steered by, not the
 * distance to the edge: it alone tells how late the network may be before the picture stops. Pure.
 */
export function decideLatency(
  memory: LatencyMemory,
  sample: LatencySample,
  settings: LatencySettings = lowLatency,
): LatencyDecision {
  if (sample.isStalled) return { memory: stalled(memory, sample, settings), playbackRate: 1, jumpSeconds: null };
  const lows = secondLows(memory, sample, settings);
  const target = adaptTarget({ ...memory, lows }, sample, settings);
  const recent = recentSamples(memory, sample, settings);
  const next: LatencyMemory = { ...memory, ...target, lows, recent, stall: null };
  if (!memory.hasJoined) return join(next, sample, settings);
  const slackSeconds = Math.min(...recent.map(({ bufferAheadSeconds }) => bufferAheadSeconds)) - next.targetSeconds;
  const jumpSeconds = jumpFor(slackSeconds, sample, settings);
  if (jumpSeconds !== null) return { memory: { ...next, recent: [] }, playbackRate: 1, jumpSeconds };
  return { memory: next, playbackRate: rateFor(slackSeconds, settings), jumpSeconds: null };
}

/** The first pictures come from the newest key frame: once all behind it has been fetched, jump to where it is live. */
function join(memory: LatencyMemory, sample: LatencySample, settings: LatencySettings): LatencyDecision {
  const { bufferAheadSeconds, behindEdgeSeconds } = sample;
  const { unseenJumpAboveSeconds, joinJumpAboveSeconds } = settings;
  const isAllFetched = behindEdgeSeconds !== null && behindEdgeSeconds - bufferAheadSeconds < unseenJumpAboveSeconds;
  if (!isAllFetched) return { memory, playbackRate: 1, jumpSeconds: null };
  const slackSeconds = bufferAheadSeconds - memory.targetSeconds;
  const jumpSeconds =
    slackSeconds > (sample.isShowing ? joinJumpAboveSeconds : unseenJumpAboveSeconds) ? slackSeconds : null;
  return { memory: { ...memory, hasJoined: true, recent: [], lows: [] }, playbackRate: 1, jumpSeconds };
}

function jumpFor(slackSeconds: number, { behindEdgeSeconds }: LatencySample, settings: LatencySettings): number | null {
  if (slackSeconds > settings.jumpAboveSeconds) return slackSeconds;
  if (behindEdgeSeconds === null || behindEdgeSeconds <= settings.giveUpBehindSeconds) return null;
  return behindEdgeSeconds - settings.landBehindSeconds;
}

/** Each stall raises the target once; an absence doesn't, and after it the viewer comes back at the live edge. */
function stalled(memory: LatencyMemory, { nowMs }: LatencySample, settings: LatencySettings): LatencyMemory {
  const { stall, targetSeconds } = memory;
  if (stall && nowMs - stall.sinceMs > settings.absenceMs) {
    return { ...memory, targetSeconds: stall.targetSeconds, hasJoined: false, recent: [], lows: [], changedMs: nowMs };
  }
  if (stall) return { ...memory, changedMs: nowMs };
  const raised = Math.min(targetSeconds + settings.stallStepSeconds, settings.maxTargetSeconds);
  const lows = [...memory.lows.slice(-59), { atMs: nowMs, seconds: 0 }];
  return {
    ...memory,
    targetSeconds: raised,
    recent: [],
    lows,
    changedMs: nowMs,
    stall: { sinceMs: nowMs, targetSeconds },
  };
}

type Target = Pick<LatencyMemory, "targetSeconds" | "changedMs">;

/** Up by a narrow escape, down when the last while shows room for it. */
function adaptTarget(memory: LatencyMemory, sample: LatencySample, settings: LatencySettings): Target {
  const { targetSeconds, changedMs, lows } = memory;
  const sinceMs = sample.nowMs - changedMs;
  const isNarrow = memory.hasJoined && sample.bufferAheadSeconds < settings.narrowSeconds;
  if (isNarrow && sinceMs >= settings.settleMs) {
    const raised = Math.min(targetSeconds + settings.stallStepSeconds / 2, settings.maxTargetSeconds);
    return { targetSeconds: raised, changedMs: sample.nowMs };
  }
  const isCalm = sinceMs >= settings.calmMs / 4 && lows.length > 0 && targetSeconds > settings.targetSeconds;
  const least = Math.min(...lows.map(({ seconds }) => seconds));
  if (!isCalm || least < settings.reliefStepSeconds + 2 * settings.narrowSeconds) return { targetSeconds, changedMs };
  const lowered = Math.max(settings.targetSeconds, targetSeconds - settings.reliefStepSeconds);
  return { targetSeconds: lowered, changedMs: sample.nowMs };
}

function secondLows({ lows }: LatencyMemory, sample: LatencySample, settings: LatencySettings) {
  const seconds = sample.bufferAheadSeconds;
  const last = lows.at(-1);
  if (last && sample.nowMs - last.atMs < 1_000) {
    return seconds < last.seconds ? [...lows.slice(0, -1), { atMs: last.atMs, seconds }] : lows;
  }
  return [...lows.filter(({ atMs }) => sample.nowMs - atMs < settings.calmMs), { atMs: sample.nowMs, seconds }];
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
