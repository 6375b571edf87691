import type Hls from "hls.js";
import { decideLatency, startLatencyMemory } from "./latency-controller";

const sampleMs = 100;

/** Feeds the latency controller from a playing video and does what it decides, until the returned function is called. */
export function steerLatency(video: HTMLVideoElement, hls: Hls): () => void {
  let memory = startLatencyMemory(performance.now());

  const timer = setInterval(() => {
    // Before the first frame, while paused by the viewer and in a tab that is not looked at, there is nothing to steer.
    if (video.paused || video.seeking || video.played.length === 0 || document.hidden) {
      memory = { ...memory, recent: [], wasStalled: false, calmSinceMs: performance.now() };
      return;
    }
    const decision = decideLatency(memory, {
      nowMs: performance.now(),
      bufferAheadSeconds: bufferAhead(video),
      behindEdgeSeconds: hls.liveSyncPosition === null ? null : hls.latency,
      isStalled: video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA,
    });
    memory = decision.memory;
    if (decision.jumpSeconds !== null) video.currentTime += decision.jumpSeconds;
    if (video.playbackRate !== decision.playbackRate) video.playbackRate = decision.playbackRate;
  }, sampleMs);

  return () => {
    clearInterval(timer);
    video.playbackRate = 1;
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
