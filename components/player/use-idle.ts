"use client";

import { type RefObject, useEffect, useState } from "react";

const idleMs = 2800;

/** True when nobody has pointed at the element, touched it or pressed a key in it for a while. */
export function useIdle(frame: RefObject<HTMLElement | null>): boolean {
  const [isIdle, setIsIdle] = useState(false);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout>;
    const rest = () => setIsIdle(true);
    const wake = () => {
      setIsIdle(false);
      clearTimeout(timer);
      timer = setTimeout(rest, idleMs);
    };
    const events = ["pointermove", "pointerdown", "focusin", "keydown"] as const;
    for (const name of events) element.addEventListener(name, wake);
    element.addEventListener("pointerleave", rest);
    wake();
    return () => {
      clearTimeout(timer);
      for (const name of events) element.removeEventListener(name, wake);
      element.removeEventListener("pointerleave", rest);
    };
  }, [frame]);

  return isIdle;
}
