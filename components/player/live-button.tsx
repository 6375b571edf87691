"use client";

import { useTranslations } from "next-intl";
import { classNames } from "@/components/ui/class-names";
import { minutesAndSeconds } from "./behind-text";
import type { PlaybackPosition } from "./playback";

type LiveButtonProps = { position: PlaybackPosition | null; isPaused: boolean; goLive(): void };

/** The tally light and the present latency while at the live edge; a way back to it while behind. */
export function LiveButton({ position, isPaused, goLive }: LiveButtonProps) {
  const t = useTranslations("player");
  // Without a known position a pause is all that can be seen of having left.
  const isBehind = position ? !position.isFollowing : isPaused;
  const latency = position && !isPaused ? position.behindSeconds.toFixed(1) : null;
  const atLive = latency ? t("atLiveLatency", { seconds: latency }) : t("atLive");
  const behind = position && t("behind", minutesAndSeconds(position.behindSeconds));
  return (
    <button
      type="button"
      onClick={goLive}
      disabled={!isBehind}
      aria-label={isBehind ? [t("goLive"), behind].filter(Boolean).join(", ") : atLive}
      className={classNames(
        "tabular inline-flex min-h-9 items-center gap-2 rounded-full px-3 text-sm font-bold whitespace-nowrap",
        isBehind ? "bg-white/20 text-white hover:bg-white/30" : "bg-live text-on-live",
      )}
    >
      <span aria-hidden="true" className="size-2 rounded-full bg-current" />
      {t(isBehind ? "goLive" : "atLive")}
      {!isBehind && latency && (
        <span className="font-medium max-[22.5rem]:hidden">{t("latency", { seconds: latency })}</span>
      )}
    </button>
  );
}
