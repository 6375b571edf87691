"use client";

import { useTranslations } from "next-intl";
import { type RefObject, useEffect, useMemo, useState } from "react";
import { classNames } from "@/components/ui/class-names";
import { ControlButton } from "./control-button";
import { LatencySwitch } from "./latency-switch";
import { LiveButton } from "./live-button";
import type { Playback } from "./playback";
import {
  BackIcon,
  ExitFullScreenIcon,
  FullScreenIcon,
  PauseIcon,
  PictureInPictureIcon,
  PlayIcon,
} from "./player-icons";
import { SoundControl } from "./sound-control";
import { stepSeconds, Timeline } from "./timeline";
import { useFullScreen } from "./use-full-screen";
import { useIdle } from "./use-idle";
import { usePlaybackPosition } from "./use-playback-position";
import { useShortcuts } from "./use-shortcuts";
import { useVideoFacts } from "./use-video-facts";

/** With less than this there is nothing to go back to yet. */
const leastWindowSeconds = 12;

type PlayerControlsProps = {
  frame: RefObject<HTMLElement | null>;
  video: RefObject<HTMLVideoElement | null>;
  playback: RefObject<Playback | null>;
  isShown: boolean;
};

/** Rewind, play, sound, live, latency, picture in picture, full screen. They step back while the broadcast is just watched. */
export function PlayerControls({ frame, video, playback, isShown }: PlayerControlsProps) {
  const t = useTranslations("player");
  const facts = useVideoFacts(video);
  const position = usePlaybackPosition(playback);
  const { isFull, toggleFull } = useFullScreen(frame, video);
  const isIdle = useIdle(frame);
  const canFloat = useCanFloat();
  const { togglePlay, goLive, goBehind, goBack, toggleSound } = useActions(video, playback);
  const shortcuts = useMemo(
    () => ({
      arrowleft: () => goBack(stepSeconds),
      arrowright: () => goBack(-stepSeconds),
      " ": togglePlay,
      k: togglePlay,
      m: toggleSound,
      l: goLive,
    }),
    [goBack, togglePlay, toggleSound, goLive],
  );
  useShortcuts(frame, shortcuts);
  if (!isShown) return null;

  const { isPaused, isMuted } = facts;
  const isAway = isIdle && !isPaused;
  const stepsBack = classNames("transition-opacity", isAway && "opacity-0 focus-within:opacity-100");
  const canRewind = position !== null && position.windowSeconds >= leastWindowSeconds;
  return (
    <fieldset
      className={classNames(
        "absolute inset-x-0 bottom-0 flex flex-wrap items-center gap-x-1 p-2 pt-16 transition-opacity duration-300 sm:p-4 sm:pt-20",
        !isAway && "bg-linear-to-t from-black/75 to-transparent",
        isAway && !isMuted && "opacity-0 focus-within:opacity-100",
      )}
    >
      <legend className="sr-only">{t("controls")}</legend>
      {canRewind && (
        <div className={classNames("-order-2 w-full px-1 pb-1", stepsBack)}>
          <Timeline position={position} goBehind={goBehind} goBack={goBack} />
        </div>
      )}
      <ControlButton label={t(isPaused ? "play" : "pause")} press={togglePlay} isAway={isAway}>
        {isPaused ? <PlayIcon /> : <PauseIcon />}
      </ControlButton>
      {canRewind && (
        <ControlButton label={t("back")} press={() => goBack(stepSeconds)} isAway={isAway}>
          <BackIcon />
        </ControlButton>
      )}
      <SoundControl video={video} facts={facts} isAway={isAway} />
      <span className="grow" />
      <span className={stepsBack}>
        <LiveButton position={position} isPaused={isPaused} goLive={goLive} />
      </span>
      <LatencySwitch playback={playback} isAway={isAway} />
      {canFloat && (
        <span className="max-sm:hidden">
          <ControlButton label={t("pictureInPicture")} press={() => toggleFloating(video.current)} isAway={isAway}>
            <PictureInPictureIcon />
          </ControlButton>
        </span>
      )}
      <ControlButton label={t(isFull ? "exitFullScreen" : "fullScreen")} press={toggleFull} isAway={isAway}>
        {isFull ? <ExitFullScreenIcon /> : <FullScreenIcon />}
      </ControlButton>
    </fieldset>
  );
}

/** What the buttons and the keys do; the same functions as long as the player lives. */
function useActions(video: RefObject<HTMLVideoElement | null>, playback: RefObject<Playback | null>) {
  return useMemo(() => {
    // A refused play (no press yet) leaves the element paused, and the button says so.
    const play = () => void video.current?.play().catch(() => undefined);
    const goLive = () => {
      playback.current?.goLive();
      play();
    };
    const goBehind = (seconds: number) => playback.current?.goBehind(seconds);
    return {
      togglePlay: () => (video.current?.paused ? play() : video.current?.pause()),
      toggleSound: () => video.current && Object.assign(video.current, { muted: !video.current.muted }),
      goLive,
      goBehind,
      goBack: (seconds: number) => goBehind((playback.current?.position()?.behindSeconds ?? 0) + seconds),
    };
  }, [video, playback]);
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
