import type Hls from "hls.js";
import type { Events } from "hls.js";
import { decideLatency, type LatencySettings, settingsForParts, startLatencyMemory } from "./latency-controller";
import { playableWindow } from "./playable-window";
import type { PlaybackPosition } from "./playback";

const sampleMs = 50;
/** Who goes further back than this, or pauses for longer, wants to see what was there. */
const rewoundSeconds = 2;
/** The oldest segments are about to leave the window: who goes all the way back should not be overtaken by its end. */
const oldestMarginSeconds = 4;

/** Where to land, in seconds behind the edge, for the target to be buffered soon after. */
export const landingSeconds = ({ targetSeconds }: LatencySettings): number => targetSeconds + 0.35;

export type LatencySteering = {
  /** To the live edge, and kept there from now on. */
  goLive(): void;
  /** So many seconds behind the edge, and left alone there. */
  goBehind(seconds: number): void;
  position(): PlaybackPosition | null;
  /** Where a viewer who has gone back is, from the oldest video on; null while following. */
  secondsIntoWindow(): number | null;
  use(settings: LatencySettings): void;
  stop(): void;
};

/** Feeds the latency controller from a playing video and does what it decides, as long as the viewer wants to be live. */
export function steerLatency(video: HTMLVideoElement, hls: Hls, initial: LatencySettings): LatencySteering {
  let settings = initial;
  let memory = startLatencyMemory(performance.now(), settings);
  let isFollowing = true;
  let isOwnSeek = false;
  let pausedAtMs: number | null = null;

  const seekTo = (seconds: number) => {
    isOwnSeek = true;
    video.currentTime = seconds;
  };
  const behindSeconds = () => (hls.liveSyncPosition === null ? null : hls.latency);
  const isNearEdge = (seconds: number) => seconds < settings.targetSeconds + rewoundSeconds;
  const seeking = () => {
    const window = playableWindow(hls);
    if (!isOwnSeek && memory.hasJoined && window) isFollowing = isNearEdge(window.edgeSeconds - video.currentTime);
    isOwnSeek = false;
  };
  const hasLeft = () => pausedAtMs !== null && performance.now() - pausedAtMs > rewoundSeconds * 1000;
  // A browser pauses a muted video in a tab that is not looked at: that says nothing of the viewer.
  const paused = () => {
    pausedAtMs = document.hidden ? null : performance.now();
  };
  const resumed = () => {
    if (hasLeft()) isFollowing = false;
    pausedAtMs = null;
  };

  const sample = () => {
    if (!video.paused) resumed();
    const nowMs = performance.now();
    const isShowing = video.played.length > 0;
    const isStarting = !memory.hasJoined && !isShowing && bufferAhead(video) > 0;
    // While paused and in a tab that is not looked at there is nothing to steer; before the first frame, only where it is.
    if (!isFollowing || document.hidden || (!isStarting && (video.paused || video.seeking || !isShowing))) {
      memory = { ...memory, recent: [], stall: null, changedMs: nowMs };
      if (!isFollowing && video.playbackRate !== 1) video.playbackRate = 1;
      return;
    }
    const decision = decideLatency(
      memory,
      {
        nowMs,
        bufferAheadSeconds: bufferAhead(video),
        behindEdgeSeconds: behindSeconds(),
        isShowing,
        isStalled: !isStarting && video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA,
      },
      settingsForParts(settings, hls.latestLevelDetails?.partTarget ?? 0),
    );
    memory = decision.memory;
    if (decision.jumpSeconds !== null) seekTo(video.currentTime + decision.jumpSeconds);
    if (video.playbackRate !== decision.playbackRate) video.playbackRate = decision.playbackRate;
  };

  const timer = setInterval(sample, sampleMs);
  // The sooner the jump to the edge, the likelier it is made before a first frame is shown.
  hls.on("hlsBufferAppended" as Events.BUFFER_APPENDED, sample);
  const listeners = [
    ["seeking", seeking],
    ["pause", paused],
    ["play", resumed],
  ] as const;
  for (const [name, heard] of listeners) video.addEventListener(name, heard);

  const land = () => {
    const window = playableWindow(hls);
    if (window) seekTo(window.edgeSeconds - Math.max(landingSeconds(settings), window.partHoldBackSeconds));
  };
  const goLive = () => {
    isFollowing = true;
    pausedAtMs = null;
    memory = startLatencyMemory(performance.now(), settings);
    land();
  };

  return {
    goLive,
    goBehind(seconds) {
      const window = playableWindow(hls);
      if (!window) return;
      if (isNearEdge(seconds)) return goLive();
      isFollowing = false;
      seekTo(Math.max(window.edgeSeconds - seconds, window.startSeconds + oldestMarginSeconds));
    },
    position() {
      const window = playableWindow(hls);
      if (!window) return null;
      return {
        behindSeconds: Math.max(0, window.edgeSeconds - video.currentTime),
        windowSeconds: window.edgeSeconds - window.startSeconds,
        isFollowing: isFollowing && !hasLeft(),
      };
    },
    secondsIntoWindow() {
      const window = playableWindow(hls);
      return isFollowing || !window ? null : Math.max(0, video.currentTime + 0.2 - window.startSeconds);
    },
    use(next) {
      settings = next;
      memory = { ...startLatencyMemory(performance.now(), next), hasJoined: memory.hasJoined };
      if (isFollowing && !hasLeft() && memory.hasJoined) land();
    },
    stop() {
      clearInterval(timer);
      hls.off("hlsBufferAppended" as Events.BUFFER_APPENDED, sample);
      for (const [name, heard] of listeners) video.removeEventListener(name, heard);
      video.playbackRate = 1;
    },
  };
}

/** Seconds that play on from the position without a hole. */
export function bufferAhead(video: HTMLVideoElement): number {
  const { buffered, currentTime } = video;
  for (let range = 0; range < buffered.length; range++) {
    if (buffered.start(range) <= currentTime + 0.1 && currentTime < buffered.end(range)) {
      return buffered.end(range) - currentTime;
    }
  }
  return 0;
}
