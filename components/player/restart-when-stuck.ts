import type Hls from "hls.js";
import type { Events } from "hls.js";
import { bufferAhead } from "./steer-latency";

const lookMs = 500;
/** Nothing shown and nothing appended for so long, although the playlist goes on: hls.js will not get over it by itself. */
const stuckMs = 4_000;
/** With less than this buffered there is nothing left to play out before a restart. */
const nearlyEmptySeconds = 0.5;

type RestartWhenStuck = {
  hls: Hls;
  video: HTMLVideoElement;
  isFollowing(): boolean;
  restart(): void;
};

/**
 * Calls `restart` where hls.js 1.7.4 stops without an error. It keeps the kinds of tracks it began with: a broadcast whose
 * sound begins or ends behind an EXT-X-DISCONTINUITY needs a new Media Source (`onBufferCodecs`, buffer-controller.ts, only warns).
 * @returns stops looking
 */
export function restartWhenStuck({ hls, video, isFollowing, restart }: RestartWhenStuck): () => void {
  let kinds: string | null = null;
  let [lastTime, lastMovedMs] = [video.currentTime, performance.now()];

  const moved = () => {
    lastMovedMs = performance.now();
  };
  const restartNow = () => {
    kinds = null;
    moved();
    restart();
  };
  const loading = () => {
    kinds = null;
  };
  const readInit = (_event: unknown, { tracks }: { tracks?: object }) => {
    const found = Object.keys(tracks ?? {})
      .sort()
      .join();
    const isNew = kinds !== null && kinds !== found;
    kinds = found;
    // Behind live, what is buffered is played out first; hls.js then stands still, and is seen to.
    if (isNew && (isFollowing() || bufferAhead(video) < nearlyEmptySeconds)) setTimeout(restartNow);
  };
  const look = () => {
    const isFresh = (hls.latestLevelDetails?.age ?? Number.POSITIVE_INFINITY) * 1000 < stuckMs / 2;
    const isMoving = video.currentTime !== lastTime;
    lastTime = video.currentTime;
    if (video.paused || document.hidden || !isFresh || isMoving) moved();
    else if (performance.now() - lastMovedMs > stuckMs) restartNow();
  };

  const timer = setInterval(look, lookMs);
  hls.on("hlsManifestLoading" as Events.MANIFEST_LOADING, loading);
  hls.on("hlsFragParsingInitSegment" as Events.FRAG_PARSING_INIT_SEGMENT, readInit);
  hls.on("hlsBufferAppended" as Events.BUFFER_APPENDED, moved);
  return () => {
    clearInterval(timer);
    hls.off("hlsManifestLoading" as Events.MANIFEST_LOADING, loading);
    hls.off("hlsFragParsingInitSegment" as Events.FRAG_PARSING_INIT_SEGMENT, readInit);
    hls.off("hlsBufferAppended" as Events.BUFFER_APPENDED, moved);
  };
}
