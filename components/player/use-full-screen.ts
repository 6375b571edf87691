"use client";

import { type RefObject, useEffect, useState } from "react";

/** iPhones have full screen for the video element alone. */
type AppleVideo = HTMLVideoElement & { webkitEnterFullscreen?: () => void };

export function useFullScreen(frame: RefObject<HTMLElement | null>, video: RefObject<HTMLVideoElement | null>) {
  const [isFull, setIsFull] = useState(false);

  useEffect(() => {
    const read = () => setIsFull(document.fullscreenElement !== null && document.fullscreenElement === frame.current);
    document.addEventListener("fullscreenchange", read);
    return () => document.removeEventListener("fullscreenchange", read);
  }, [frame]);

  const toggleFull = () => {
    const element: AppleVideo | null = video.current;
    // Refused inside an iframe without permission: the page stays as it is.
    if (isFull) void document.exitFullscreen().catch(() => undefined);
    else if (frame.current?.requestFullscreen) void frame.current.requestFullscreen().catch(() => undefined);
    else element?.webkitEnterFullscreen?.();
  };

  return { isFull, toggleFull };
}
