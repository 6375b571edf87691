import type Hls from "hls.js";

/** What the newest playlist lets a viewer play, in seconds of the video element's time. */
export type PlayableWindow = { startSeconds: number; edgeSeconds: number; partHoldBackSeconds: number };

/** A playlist older than this many parts says nothing of an edge that moved on: the encoder is away. */
const freshParts = 3;

/** Null before the first playlist. */
export function playableWindow(hls: Hls): PlayableWindow | null {
  const details = hls.latestLevelDetails;
  if (!details?.fragments.length) return null;
  const freshSeconds = details.live ? (details.partTarget || details.targetduration) * freshParts : 0;
  return {
    startSeconds: details.fragmentStart,
    edgeSeconds: details.edge + Math.min(details.age, freshSeconds),
    partHoldBackSeconds: details.partHoldBack,
  };
}
