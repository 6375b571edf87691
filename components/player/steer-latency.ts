import type Hls from "hls.js";
import type { Events } from "hls.js";
import { decideLatency, type LatencySettings, lowLatency, startLatencyMemory } from "./latency-controller";

const sampleMs = 50;
/** Who goes further back than this, or pauses for longer, wants to see what was there. */
const rewoundSeconds = 2;

export type LatencySteering = {
  /** To the live edge, and kept there from now on. */
  goLive(): void;
  /** False while the viewer has paused or gone back. */
  isFollowing(): boolean;
  use(settings: LatencySettings): void;
  stop(): void;
};

/** Feeds the latency controller from a playing video and does what it decides, as long as the viewer wants to be live. */
export function steerLatency(video: HTMLVideoElement, hls: Hls): LatencySteering {
  let settings = lowLatency;
  let memory = startLatencyMemory(performance.now(), settings);
  let isFollowing = true;
  let isOwnSeek = false;
  let pausedAtMs: number | null = null;

  const seekTo = (seconds: number) => {
    isOwnSeek = true;
    video.currentTime = seconds;
  };
  const behindSeconds = () => (hls.liveSyncPosition === null ? null : hls.latency);
  const seeking = () => {
    if (!isOwnSeek && memory.hasJoined) isFollowing = (behindSeconds() ?? 0) < settings.targetSeconds + rewoundSeconds;
    isOwnSeek = false;
  };
  // A browser pauses a muted video in a tab that is not looked at: that says nothing of the viewer.
  const paused = () => {
    pausedAtMs = document.hidden ? null : performance.now();
  };
  const playing = () => {
    if (pausedAtMs !== null && performance.now() - pausedAtMs > rewoundSeconds * 1000) isFollowing = false;
    pausedAtMs = null;
  };

  const sample = () => {
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
        isStalled: !isStarting && video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA,
      },
      settings,
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
    ["playing", playing],
  ] as const;
  for (const [name, heard] of listeners) video.addEventListener(name, heard);

  return {
    goLive() {
      isFollowing = true;
      pausedAtMs = null;
      memory = startLatencyMemory(performance.now(), settings);
      if (hls.liveSyncPosition !== null) seekTo(hls.liveSyncPosition);
    },
    isFollowing: () => isFollowing,
    use(next) {
      settings = next;
      memory = { ...startLatencyMemory(performance.now(), next), hasJoined: memory.hasJoined };
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
