import { useTranslations } from "next-intl";
import { LiveBadge } from "@/components/live/live-badge";
import { Uptime } from "@/components/live/uptime";
import { LitStage } from "@/components/stage/lit-stage";
import { crowdSize } from "@/components/stage/stage-light";
import type { LiveChannel } from "@/lib/dal/live/live-channel";
import { WatchLink } from "./watch-link";

export function ChannelCard({ channel }: { channel: LiveChannel }) {
  const t = useTranslations();
  return (
    <article>
      <WatchLink handle={channel.handle} className="group grid gap-4 rounded-picture outline-offset-4">
        <div className="on-stage relative overflow-hidden rounded-picture text-ink">
          <LitStage
            seed={channel.handle}
            crowd={crowdSize(channel.viewers)}
            className="aspect-video w-full transition duration-500 ease-curtain group-hover:scale-[1.03]"
          />
          <div className="absolute inset-x-0 bottom-0 flex items-center justify-between gap-3 bg-linear-to-t from-black/80 to-transparent p-4 pt-10 text-sm font-medium">
            <LiveBadge>{t("live.live")}</LiveBadge>
            <span>
              <span className="sr-only">{t("live.uptime")} </span>
              <Uptime startedAt={channel.startedAt} />
            </span>
          </div>
        </div>
        <div className="grid gap-1">
          <h2 className="line-clamp-2 text-xl leading-snug">
            {channel.title || t("home.untitled", { name: channel.displayName })}
          </h2>
          <p className="text-soft">
            {channel.displayName} · {t("live.viewers", { count: channel.viewers })}
          </p>
        </div>
      </WatchLink>
    </article>
  );
}
