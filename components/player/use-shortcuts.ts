"use client";

import { type RefObject, useEffect } from "react";

/** What a key does while the focus is inside the player; the names are those of `KeyboardEvent.key`, in lower case. */
export type Shortcuts = Readonly<Record<string, () => void>>;

/** Keys that the focused control needs for itself are left to it, and those with a modifier to the browser. */
export function useShortcuts(frame: RefObject<HTMLElement | null>, shortcuts: Shortcuts): void {
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const pressed = (event: KeyboardEvent) => {
      const act = shortcuts[event.key.toLowerCase()];
      if (!act || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const { target } = event;
      if (target instanceof HTMLInputElement || (event.key === " " && target instanceof HTMLButtonElement)) return;
      event.preventDefault();
      act();
    };
    element.addEventListener("keydown", pressed);
    return () => element.removeEventListener("keydown", pressed);
  }, [frame, shortcuts]);
}
