"use client";

import { useTranslations } from "next-intl";
import { type RefObject, useEffect, useState } from "react";
import { classNames } from "@/components/ui/class-names";
import type { Playback } from "./playback";

/** From here on "behind" is worth saying. */
const behindSeconds = 4;

/** The tally light while at the live edge; a way back to it while behind. */
export function LiveButton({ playback, play }: { playback: RefObject<Playback | null>; play(): void }) {
  const t = useTranslations("player");
  const [behind, setBehind] = useState(0);

  useEffect(() => {
    const timer = setInterval(() => setBehind(Math.round(playback.current?.behindEdgeSeconds() ?? 0)), 1000);
    return () => clearInterval(timer);
  }, [playback]);

  const isBehind = behind >= behindSeconds;
  const goLive = () => {
    playback.current?.goLive();
    setBehind(0);
    play();
  };
  return (
    <button
      type="button"
      onClick={goLive}
      disabled={!isBehind}
      aria-label={isBehind ? `${t("goLive")}, ${t("behind", { seconds: behind })}` : t("atLive")}
      className={classNames(
        "inline-flex min-h-9 items-center gap-2 rounded-full px-3 text-sm font-bold",
        isBehind ? "bg-white/20 text-white hover:bg-white/30" : "bg-live text-on-live",
      )}
    >
      <span aria-hidden="true" className="size-2 rounded-full bg-current" />
      {isBehind ? t("behind", { seconds: behind }) : t("atLive")}
    </button>
  );
}
