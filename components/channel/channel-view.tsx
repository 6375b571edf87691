"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Ago } from "@/components/live/ago";
import { LiveBadge } from "@/components/live/live-badge";
import { Uptime } from "@/components/live/uptime";
import { LivePlayer } from "@/components/player/live-player";
import { buttonClass } from "@/components/ui/button";
import type { Channel } from "@/lib/dal/channel/channel";
import type { ChannelState } from "@/lib/dal/live/channel-state";
import { useChannel } from "./use-channel";

/** A channel's page: the player, then what plays and who plays it. */
export function ChannelView({ rendered, isOwn }: { rendered: Channel; isOwn: boolean }) {
  const t = useTranslations();
  const { channel, isLost } = useChannel(rendered);
  return (
    <>
      <div className="sm:px-[clamp(0rem,4vw,4.5rem)]">
        <LivePlayer
          channel={channel}
          className="mx-auto aspect-video w-full max-w-[calc((100svh-11.5rem)*16/9)] min-w-[min(100%,34rem)] sm:rounded-[1.5rem]"
        />
      </div>
      <section aria-label={t("channel.about")} className="gutter mt-6 grid gap-5 sm:mt-8 sm:grid-cols-[1fr_auto]">
        <div className="grid content-start gap-2">
          <h1 className="text-[clamp(1.625rem,2.8vw,2.75rem)] tracking-[-0.03em]">
            {channel.title || channel.displayName}
          </h1>
          <p className="flex flex-wrap items-baseline gap-x-3 text-lg">
            {channel.title && <span className="font-semibold">{channel.displayName}</span>}
            <span className="text-faint">@{channel.handle}</span>
          </p>
        </div>
        <div className="grid content-start gap-3 sm:justify-items-end">
          <ChannelFacts channel={channel} />
          {isLost && <p className="text-sm text-warn">{t("channel.stateLost")}</p>}
          {isOwn && (
            <Link href="/studio" className={buttonClass("quiet", "small")}>
              {t("channel.openStudio")}
            </Link>
          )}
        </div>
      </section>
    </>
  );
}

/** State, viewers and uptime, in words. */
function ChannelFacts({ channel }: { channel: ChannelState }) {
  const t = useTranslations();
  const { state, startedAt, endedAt, viewers } = channel;
  if (state === "offline") {
    return (
      <p role="status" className="text-soft">
        <span className="font-semibold text-ink">{t("channel.offline")}</span>
        {endedAt && (
          <>
            {" · "}
            <Ago at={endedAt} />
          </>
        )}
      </p>
    );
  }
  return (
    <p role="status" className="tabular flex flex-wrap items-center gap-x-4 gap-y-2 text-lg">
      {state === "live" ? (
        <LiveBadge>{t("live.live")}</LiveBadge>
      ) : (
        <span className="font-semibold">{t(`channel.${state}`)}</span>
      )}
      <span>{t("live.watching", { count: viewers })}</span>
      {startedAt && (
        // A clock in a status would be read out every second.
        <span aria-hidden="true" className="text-soft">
          <Uptime startedAt={startedAt} />
        </span>
      )}
    </p>
  );
}
