"use client";

import { useTranslations } from "next-intl";
import { type RefObject, useEffect, useState } from "react";
import { ControlButton } from "./control-button";
import { type LatencyMode, rememberedLatencyMode, rememberLatencyMode } from "./latency-mode";
import { hasMediaSource, type Playback } from "./playback";
import { LowLatencyIcon } from "./player-icons";

/** Low or normal latency, remembered in this browser. Absent where the browser's own player decides that. */
export function LatencySwitch({ playback, isAway }: { playback: RefObject<Playback | null>; isAway: boolean }) {
  const t = useTranslations("player");
  const [mode, setMode] = useState<LatencyMode | null>(null);

  useEffect(() => {
    if (hasMediaSource()) setMode(rememberedLatencyMode());
  }, []);
  if (!mode) return null;

  const isLow = mode === "low";
  const toggle = () => {
    const next = isLow ? "normal" : "low";
    setMode(next);
    rememberLatencyMode(next);
    playback.current?.setLatencyMode(next);
  };
  return (
    <ControlButton
      label={t("lowLatency")}
      hint={t(isLow ? "lowLatencyOn" : "lowLatencyOff")}
      isPressed={isLow}
      press={toggle}
      isAway={isAway}
    >
      <LowLatencyIcon isOn={isLow} />
    </ControlButton>
  );
}
