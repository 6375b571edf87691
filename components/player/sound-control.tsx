"use client";

import { useTranslations } from "next-intl";
import type { RefObject } from "react";
import { ControlButton } from "./control-button";
import { MutedIcon, SoundIcon } from "./player-icons";
import type { VideoFacts } from "./use-video-facts";

type SoundControlProps = { video: RefObject<HTMLVideoElement | null>; facts: VideoFacts; isAway: boolean };

/** A broadcast begins without sound, as browsers want it: until it has been turned on, that is the largest button. */
export function SoundControl({ video, facts: { isMuted, volume }, isAway }: SoundControlProps) {
  const t = useTranslations("player");
  const setSound = (next: { muted: boolean; volume?: number }) => video.current && Object.assign(video.current, next);

  if (isMuted) {
    return (
      <button
        type="button"
        onClick={({ currentTarget }) => {
          setSound({ muted: false, volume: volume || 1 });
          // The button goes away with the press, and would take the focus with it.
          currentTarget.closest("section")?.focus({ preventScroll: true });
        }}
        className="-order-1 mr-1 inline-flex max-sm:absolute max-sm:bottom-full max-sm:left-2 max-sm:-mb-14 min-h-11 items-center gap-2 rounded-full bg-button px-5 font-bold text-on-button hover:opacity-90"
      >
        <MutedIcon />
        {t("tapToUnmute")}
      </button>
    );
  }
  return (
    <>
      <ControlButton label={t("mute")} press={() => setSound({ muted: true })} isAway={isAway}>
        <SoundIcon />
      </ControlButton>
      <input
        type="range"
        min="0"
        max="1"
        step="0.05"
        value={volume}
        aria-label={t("volume")}
        onChange={(event) => setSound({ muted: false, volume: Number(event.target.value) })}
        className="w-24 accent-white max-sm:hidden"
      />
    </>
  );
}
