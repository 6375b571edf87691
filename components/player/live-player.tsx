"use client";

import { useTranslations } from "next-intl";
import { useRef } from "react";
import { preload } from "react-dom";
import { classNames } from "@/components/ui/class-names";
import { PlayerControls } from "./player-controls";
import { PlayerMessage } from "./player-message";
import type { ChannelReport } from "./player-state";
import { usePlayer } from "./use-player";
import { useSoundOnly } from "./use-sound-only";

export type PlayedChannel = ChannelReport & { handle: string; displayName: string; playlistUrl: string };

/** A channel's broadcast with its states in words. The video is a plain element of the page. */
export function LivePlayer({ channel, className }: { channel: PlayedChannel; className?: string }) {
  const t = useTranslations("player");
  const frame = useRef<HTMLElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const { state, playback } = usePlayer(video, channel.playlistUrl, channel);
  // The first thing the player asks for, on its way while the player itself still is.
  if (state.wantsPlayback) preload(channel.playlistUrl, { as: "fetch", crossOrigin: "anonymous" });
  const isSoundOnly = useSoundOnly(video) && state.hasPicture;
  const hasPicture = state.hasPicture && !isSoundOnly;

  return (
    <section
      ref={frame}
      // A press on the picture puts the focus here, and the keys of the player work.
      tabIndex={-1}
      aria-label={t("video", { name: channel.displayName })}
      data-phase={state.phase}
      className={classNames(
        "on-stage group/player relative isolate overflow-hidden bg-black text-ink outline-none",
        className,
      )}
    >
      <video
        ref={video}
        autoPlay
        muted
        playsInline
        crossOrigin="anonymous"
        className={classNames("absolute inset-0 size-full object-contain", !hasPicture && "opacity-0")}
      />
      <PlayerMessage channel={channel} state={state} isSoundOnly={isSoundOnly} />
      <PlayerControls frame={frame} video={video} playback={playback} isShown={state.hasPicture} />
    </section>
  );
}
