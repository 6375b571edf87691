import type Hls from "hls.js";
import { decideLatency, type LatencySettings, lowLatency, startLatencyMemory } from "./latency-controller";

const sampleMs = 50;
/** Who goes back further than this, or pauses, wants to see what was there. */
const rewoundSeconds = 2;

export type LatencySteering = {
  /** At the live edge again, and kept there. */
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
  let ownSeek = false;

  const seekBy = (seconds: number) => {
    ownSeek = true;
    video.currentTime += seconds;
  };
  const seeking = () => {
    const behind = hls.liveSyncPosition === null ? 0 : hls.latency - hls.targetLatencyOrZero;
    if (!ownSeek && memory.hasJoined) isFollowing = behind < rewoundSeconds;
    ownSeek = false;
  };
  return { goLive() {}, isFollowing: () => isFollowing, use() {}, stop() {} };
}
