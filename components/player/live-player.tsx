"use client";

import { useTranslations } from "next-intl";
import { useRef } from "react";
import { classNames } from "@/components/ui/class-names";
import { PlayerControls } from "./player-controls";
import { PlayerMessage } from "./player-message";
import type { ChannelReport } from "./player-state";
import { usePlayer } from "./use-player";

export type PlayedChannel = ChannelReport & { handle: string; displayName: string; playlistUrl: string };

/** A channel's broadcast with its states in words. The video is a plain element of the page. */
export function LivePlayer({ channel, className }: { channel: PlayedChannel; className?: string }) {
  const t = useTranslations("player");
  const frame = useRef<HTMLElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const { state, playback } = usePlayer(video, channel.playlistUrl, channel);

  return (
    <section
      ref={frame}
      aria-label={t("video", { name: channel.displayName })}
      data-phase={state.phase}
      className={classNames("on-stage group/player relative isolate overflow-hidden bg-black text-ink", className)}
    >
      <video
        ref={video}
        autoPlay
        muted
        playsInline
        crossOrigin="anonymous"
        className={classNames("absolute inset-0 size-full object-contain", !state.hasPicture && "opacity-0")}
      />
      <PlayerMessage channel={channel} state={state} />
      <PlayerControls frame={frame} video={video} playback={playback} isShown={state.hasPicture} />
    </section>
  );
}
