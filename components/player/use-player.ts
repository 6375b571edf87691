"use client";

import { type RefObject, useEffect, useReducer, useRef } from "react";
import { attachPlayback } from "./attach-playback";
import { preparePlayback } from "./load-hls";
import type { Playback } from "./playback";
import { type ChannelReport, firstPlayerState, nextPlayerState, type PlayerState } from "./player-state";
import { bufferAhead } from "./steer-latency";

type UsePlayer = { state: PlayerState; playback: RefObject<Playback | null> };

/** While the page is still being rendered: an effect would fetch the player only when all of the page is there. */
function firstState(report: ChannelReport): PlayerState {
  const state = firstPlayerState(report);
  if (state.phase !== "offline" && typeof window !== "undefined") preparePlayback();
  return state;
}

/**
 * Drives one video element by what the portal says of its channel and what the element does.
 *
 * @param report the channel as the page was rendered; later ones come by `report`ing it anew
 */
export function usePlayer(
  video: RefObject<HTMLVideoElement | null>,
  playlistUrl: string,
  report: ChannelReport,
): UsePlayer {
  const [state, dispatch] = useReducer(nextPlayerState, report, firstState);
  const playback = useRef<Playback | null>(null);
  const { wantsPlayback, loadNumber, isDraining } = state;

  useEffect(() => dispatch({ kind: "channel-reported", report }), [report]);

  const { phase } = state;
  useEffect(() => {
    if (phase === "starting") preparePlayback();
  }, [phase]);

  useEffect(() => {
    const element = video.current;
    if (!element || !wantsPlayback || !loadNumber) return;
    const detach = attachPlayback(
      element,
      playlistUrl,
      { failed: (fault) => dispatch({ kind: "playback-failed", fault }) },
      (made) => {
        playback.current = made;
      },
    );
    return () => {
      detach();
      playback.current = null;
    };
  }, [video, playlistUrl, wantsPlayback, loadNumber]);

  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const moved = () => dispatch({ kind: "picture-moved" });
    const stalled = () => dispatch({ kind: "picture-stalled" });
    const drained = () => dispatch({ kind: "buffer-drained" });
    const events = [
      ["playing", moved],
      ["waiting", stalled],
      ["ended", drained],
    ] as const;
    for (const [name, heard] of events) element.addEventListener(name, heard);
    return () => {
      for (const [name, heard] of events) element.removeEventListener(name, heard);
    };
  }, [video]);

  useEffect(() => {
    const element = video.current;
    if (!element || !isDraining) return;
    const drained = () => dispatch({ kind: "buffer-drained" });
    // A playlist without its end, or a paused video, would drain for ever.
    const timer = setTimeout(drained, Math.min(30, bufferAhead(element) + 2) * 1000);
    element.addEventListener("waiting", drained);
    return () => {
      clearTimeout(timer);
      element.removeEventListener("waiting", drained);
    };
  }, [video, isDraining]);

  return { state, playback };
}
