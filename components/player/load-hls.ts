import { hasMediaSource } from "./playback";

/** hls.js's light build: no alternate audio, no subtitles. Only pages that play fetch it. */
export const loadHls = () => import("hls.js/light");

/** Fetches what playing needs, so that a broadcast that starts in a moment is shown sooner. */
export function preparePlayback(): void {
  // Should it fail, playing fetches it again and says so.
  if (hasMediaSource()) loadHls().catch(() => undefined);
}
