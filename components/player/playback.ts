import type { PlaybackFault } from "./player-state";

/** What a way of playing tells the page. */
export type PlaybackHandlers = {
  failed(fault: PlaybackFault): void;
};

/** A broadcast being played into a video element. */
export type Playback = {
  /** Seconds behind the newest video that the playlist announced; null when unknown. */
  behindEdgeSeconds(): number | null;
  /** Plays at the live edge again. */
  goLive(): void;
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
