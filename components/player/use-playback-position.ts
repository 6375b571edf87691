"use client";

import { type RefObject, useEffect, useState } from "react";
import type { Playback, PlaybackPosition } from "./playback";

const readMs = 250;

/** Where the picture is, read a few times a second; null while unknown. */
export function usePlaybackPosition(playback: RefObject<Playback | null>): PlaybackPosition | null {
  const [position, setPosition] = useState<PlaybackPosition | null>(null);

  useEffect(() => {
    const timer = setInterval(() => {
      const read = playback.current?.position() ?? null;
      setPosition((shown) => (isSame(shown, read) ? shown : read));
    }, readMs);
    return () => clearInterval(timer);
  }, [playback]);

  return position;
}

/** What would be shown is the same. */
function isSame(one: PlaybackPosition | null, other: PlaybackPosition | null): boolean {
  if (!one || !other) return one === other;
  return (
    one.isFollowing === other.isFollowing &&
    Math.floor(one.windowSeconds) === Math.floor(other.windowSeconds) &&
    one.behindSeconds.toFixed(1) === other.behindSeconds.toFixed(1)
  );
}
