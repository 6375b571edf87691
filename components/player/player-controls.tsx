"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, type RefObject, useEffect, useState } from "react";
import { classNames } from "@/components/ui/class-names";
import { LiveButton } from "./live-button";
import type { Playback } from "./playback";
import {
  ExitFullScreenIcon,
  FullScreenIcon,
  MutedIcon,
  PauseIcon,
  PictureInPictureIcon,
  PlayIcon,
  SoundIcon,
} from "./player-icons";
import { useFullScreen } from "./use-full-screen";
import { useIdle } from "./use-idle";
import { useVideoFacts } from "./use-video-facts";

type PlayerControlsProps = {
  frame: RefObject<HTMLElement | null>;
  video: RefObject<HTMLVideoElement | null>;
  playback: RefObject<Playback | null>;
  isShown: boolean;
};

/** Play, sound, live, picture in picture, full screen. They step back while the broadcast is just watched. */
export function PlayerControls({ frame, video, playback, isShown }: PlayerControlsProps) {
  const t = useTranslations("player");
  const { isPaused, isMuted, volume } = useVideoFacts(video);
  const { isFull, toggleFull } = useFullScreen(frame, video);
  const isIdle = useIdle(frame);
  const canFloat = useCanFloat();
  if (!isShown) return null;

  // A refused play (no press yet) leaves the element paused, and the button says so.
  const play = () => void video.current?.play().catch(() => undefined);
  const togglePlay = () => {
    if (!isPaused) return video.current?.pause();
    play();
  };
  const setSound = (next: { muted: boolean; volume?: number }) => video.current && Object.assign(video.current, next);
  const isAway = isIdle && !isPaused;

  return (
    <fieldset
      className={classNames(
        "absolute inset-x-0 bottom-0 flex flex-wrap items-center gap-x-1 gap-y-2 p-2 pt-16 transition-opacity duration-300 sm:p-4 sm:pt-20",
        !isAway && "bg-linear-to-t from-black/75 to-transparent",
        isAway && !isMuted && "opacity-0 focus-within:opacity-100",
      )}
    >
      <legend className="sr-only">{t("controls")}</legend>
      <ControlButton label={t(isPaused ? "play" : "pause")} press={togglePlay} isAway={isAway}>
        {isPaused ? <PlayIcon /> : <PauseIcon />}
      </ControlButton>
      {isMuted ? (
        <button
          type="button"
          onClick={() => setSound({ muted: false, volume: volume || 1 })}
          className="-order-1 mr-1 inline-flex min-h-11 items-center gap-2 rounded-full bg-button px-5 font-bold text-on-button hover:opacity-90"
        >
          <MutedIcon />
          {t("tapToUnmute")}
        </button>
      ) : (
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
      )}
      <span className="grow" />
      <span className={classNames("transition-opacity", isAway && "opacity-0 focus-within:opacity-100")}>
        <LiveButton playback={playback} play={play} />
      </span>
      {canFloat && (
        <ControlButton label={t("pictureInPicture")} press={() => toggleFloating(video.current)} isAway={isAway}>
          <PictureInPictureIcon />
        </ControlButton>
      )}
      <ControlButton label={t(isFull ? "exitFullScreen" : "fullScreen")} press={toggleFull} isAway={isAway}>
        {isFull ? <ExitFullScreenIcon /> : <FullScreenIcon />}
      </ControlButton>
    </fieldset>
  );
}

type ControlButtonProps = { label: string; press(): void; isAway: boolean; children: ReactNode };

function ControlButton({ label, press, isAway, children }: ControlButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={press}
      className={classNames(
        "grid size-11 place-items-center rounded-full text-white transition hover:bg-white/15 focus-visible:outline-white",
        isAway && "opacity-0 focus-visible:opacity-100",
      )}
    >
      {children}
    </button>
  );
}

function useCanFloat(): boolean {
  const [canFloat, setCanFloat] = useState(false);
  useEffect(() => setCanFloat(document.pictureInPictureEnabled === true), []);
  return canFloat;
}

/** A browser may refuse it at any time; the picture then simply stays where it is. */
function toggleFloating(video: HTMLVideoElement | null): void {
  const done = document.pictureInPictureElement ? document.exitPictureInPicture() : video?.requestPictureInPicture();
  void done?.then(undefined, () => undefined);
}
