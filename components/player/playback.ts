import type { LatencyMode } from "./latency-mode";
import type { PlaybackFault } from "./player-state";

/** What a way of playing tells the page. */
export type PlaybackHandlers = {
  failed(fault: PlaybackFault): void;
};

/** Where in the broadcast the picture is. */
export type PlaybackPosition = {
  /** Seconds behind the newest video that the playlist announced. */
  behindSeconds: number;
  /** So many seconds behind it the oldest video lies that can still be played. */
  windowSeconds: number;
  /** Kept at the live edge; false while the viewer has paused or gone back. */
  isFollowing: boolean;
};

/** A broadcast being played into a video element. */
export type Playback = {
  /** Null while unknown. */
  position(): PlaybackPosition | null;
  /** Plays at the live edge again. */
  goLive(): void;
  /** Plays what is so many seconds behind the newest video, as near as the window has it; near the edge that is `goLive`. */
  goBehind(seconds: number): void;
  setLatencyMode(mode: LatencyMode): void;
  /** Stops everything and empties the element. */
  destroy(): void;
};

const firstRetryMs = 250;
const longestRetryMs = 3_000;

/** Waits between tries: a quarter of a second, growing by half, never over three seconds. */
export function retryDelayMs(failures: number): number {
  return Math.min(longestRetryMs, Math.round(firstRetryMs * 1.5 ** failures));
}

/** True where hls.js can play: it takes parts, native players here don't, so this is asked before `canPlayType`. */
export function hasMediaSource(): boolean {
  return "ManagedMediaSource" in window || "MediaSource" in window;
}
