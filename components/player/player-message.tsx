import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useAgo } from "@/components/live/ago";
import { GhostLight } from "@/components/stage/ghost-light";
import { LitStage } from "@/components/stage/lit-stage";
import { classNames } from "@/components/ui/class-names";
import type { ChannelReport, PlayerState } from "./player-state";

type Said = { title: string; text: ReactNode; isWaiting: boolean };

/** What the viewer is told while no picture moves; nothing while one does. */
export function PlayerMessage({
  channel,
  state,
  isSoundOnly,
}: {
  channel: ChannelReport & { handle: string; displayName: string };
  state: PlayerState;
  isSoundOnly: boolean;
}) {
  const t = useTranslations("player");
  const soundOnly = {
    title: t("soundOnly"),
    text: <span className="max-sm:hidden">{t("soundOnlyText", { name: channel.displayName })}</span>,
    isWaiting: false,
  };
  const words = useWords(channel, state);
  const said = words ?? (isSoundOnly ? soundOnly : null);
  const hasPicture = state.hasPicture && !isSoundOnly;
  const isDark = state.phase === "offline" || state.phase === "ended";
  return (
    <>
      {!hasPicture &&
        (isDark ? (
          <GhostLight className="absolute inset-0 size-full" />
        ) : (
          <LitStage seed={channel.handle} isMoving className="absolute inset-0 size-full" />
        ))}
      <div role="status" className="contents">
        {said && (
          <div
            className={classNames(
              "absolute inset-0 flex flex-col justify-end gap-2 bg-linear-to-t from-black/80 to-transparent p-[clamp(1rem,4vw,3.5rem)]",
              hasPicture ? "via-black/55" : "sm:max-w-[70%] sm:bg-none",
              // The controls are below these words.
              isSoundOnly && "pb-36",
            )}
          >
            <p className="flex items-center gap-3 text-[clamp(1.375rem,3.2vw,3rem)] leading-tight font-bold tracking-[-0.03em]">
              {said.isWaiting && (
                <span
                  aria-hidden="true"
                  className="size-[0.8em] shrink-0 rounded-full border-[0.14em] border-current border-r-transparent motion-safe:animate-turn"
                />
              )}
              {said.title}
            </p>
            {said.text && <p className="max-w-[46ch] text-[clamp(0.9375rem,1.4vw,1.25rem)] text-soft">{said.text}</p>}
          </div>
        )}
      </div>
    </>
  );
}

function useWords(channel: ChannelReport & { displayName: string }, state: PlayerState): Said | null {
  const t = useTranslations("player");
  const reasons = useTranslations("endReason");
  const name = channel.displayName;
  switch (state.phase) {
    case "offline":
      return {
        title: t("offline", { name }),
        text: (
          <>
            {channel.endedAt && <LastLive at={channel.endedAt} />} {t("offlineText")}
          </>
        ),
        isWaiting: false,
      };
    case "starting":
      return { title: t("starting"), text: t("startingText", { name }), isWaiting: true };
    case "live":
      return state.hasPicture ? null : { title: t("loading"), text: null, isWaiting: true };
    case "reconnecting":
      return state.isPlaying
        ? null
        : { title: t("reconnecting"), text: t("reconnectingText", { name }), isWaiting: true };
    case "ended": {
      const reason = state.endReason ? `${reasons(state.endReason)} ` : "";
      return { title: t("ended"), text: reason + t("endedText"), isWaiting: false };
    }
    case "error":
      return faultWords(t, state);
  }
}

function LastLive({ at }: { at: string }) {
  const t = useTranslations("player");
  const ago = useAgo();
  return <span suppressHydrationWarning>{t("lastLive", { ago: ago(at) })}</span>;
}

function faultWords(t: ReturnType<typeof useTranslations<"player">>, { fault }: PlayerState): Said {
  switch (fault) {
    case "codec":
      return { title: t("errorCodec"), text: t("errorCodecText"), isWaiting: false };
    case "media":
      return { title: t("errorMedia"), text: t("errorMediaText"), isWaiting: true };
    default:
      return { title: t("errorNetwork"), text: t("errorNetworkText"), isWaiting: true };
  }
}
