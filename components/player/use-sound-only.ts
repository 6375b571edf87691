"use client";

import { type RefObject, useEffect, useState } from "react";

/** True while what plays has no picture. */
export function useSoundOnly(video: RefObject<HTMLVideoElement | null>): boolean {
  const [isSoundOnly, setIsSoundOnly] = useState(false);

  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const read = () => setIsSoundOnly(element.readyState >= HTMLMediaElement.HAVE_METADATA && element.videoWidth === 0);
    const events = ["loadedmetadata", "resize", "playing", "emptied"] as const;
    for (const name of events) element.addEventListener(name, read);
    return () => {
      for (const name of events) element.removeEventListener(name, read);
    };
  }, [video]);

  return isSoundOnly;
}
