"use client";

import { type RefObject, useEffect, useState } from "react";

export type VideoFacts = { isPaused: boolean; isMuted: boolean; volume: number };

const unknown: VideoFacts = { isPaused: false, isMuted: true, volume: 1 };

/** What the element itself says of its controls; it is the truth, also when a key of the keyboard or the browser changed it. */
export function useVideoFacts(video: RefObject<HTMLVideoElement | null>): VideoFacts {
  const [facts, setFacts] = useState(unknown);

  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const read = () => setFacts({ isPaused: element.paused, isMuted: element.muted, volume: element.volume });
    const events = ["play", "pause", "volumechange", "loadeddata"] as const;
    for (const name of events) element.addEventListener(name, read);
    read();
    return () => {
      for (const name of events) element.removeEventListener(name, read);
    };
  }, [video]);

  return facts;
}
