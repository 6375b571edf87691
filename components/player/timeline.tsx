"use client";

import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { behindClock, minutesAndSeconds } from "./behind-text";
import type { PlaybackPosition } from "./playback";

export const stepSeconds = 10;
const pageSeconds = 60;

/** What each key adds to the seconds behind live. */
const keySteps: Readonly<Record<string, number>> = {
  ArrowLeft: stepSeconds,
  ArrowDown: stepSeconds,
  ArrowRight: -stepSeconds,
  ArrowUp: -stepSeconds,
  PageDown: pageSeconds,
  PageUp: -pageSeconds,
  Home: Number.POSITIVE_INFINITY,
  End: Number.NEGATIVE_INFINITY,
};

type TimelineProps = {
  position: PlaybackPosition;
  /** To what is so many seconds behind live. */
  goBehind(seconds: number): void;
  /** So many seconds back from where the picture is. */
  goBack(seconds: number): void;
};

/** The minutes that can be seen again; its right end is live. */
export function Timeline({ position, goBehind, goBack }: TimelineProps) {
  const t = useTranslations("player");
  const range = useRef<HTMLInputElement>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const windowSeconds = Math.floor(position.windowSeconds);
  const shown = position.isFollowing ? 0 : Math.min(Math.round(position.behindSeconds), windowSeconds);
  const behind = dragged ?? shown;

  useEffect(() => {
    const element = range.current;
    if (!element) return;
    // React's onChange is heard at every step of a drag; the element's own `change` when it is let go.
    const release = () => {
      setDragged(null);
      goBehind(Number(element.max) - Number(element.value));
    };
    element.addEventListener("change", release);
    return () => element.removeEventListener("change", release);
  }, [goBehind]);

  const press = (event: KeyboardEvent) => {
    const step = keySteps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    goBack(step);
  };
  return (
    <div className="flex w-full items-center gap-3">
      <input
        ref={range}
        type="range"
        min={0}
        max={windowSeconds}
        step={1}
        value={windowSeconds - behind}
        onChange={(event) => setDragged(windowSeconds - Number(event.target.value))}
        onKeyDown={press}
        aria-label={t("timeline")}
        aria-valuetext={behind === 0 ? t("atLive") : t("behind", minutesAndSeconds(behind))}
        className="h-6 min-w-0 grow cursor-pointer accent-white focus-visible:outline-white"
      />
      {behind > 0 && (
        <span aria-hidden="true" className="tabular text-sm font-medium text-white">
          {behindClock(behind)}
        </span>
      )}
    </div>
  );
}
