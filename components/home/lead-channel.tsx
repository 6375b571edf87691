import { useTranslations } from "next-intl";
import { LiveBadge } from "@/components/live/live-badge";
import { Uptime } from "@/components/live/uptime";
import { LitStage } from "@/components/stage/lit-stage";
import { crowdSize } from "@/components/stage/stage-light";
import type { LiveChannel } from "@/lib/dal/live/live-channel";
import { WatchLink } from "./watch-link";

/** The channel that has the stage: the whole width, its title on the picture. */
export function LeadChannel({ channel }: { channel: LiveChannel }) {
  const t = useTranslations();
  return (
    <article className="on-stage motion-safe:animate-rise">
      <WatchLink
        handle={channel.handle}
        className="group relative grid overflow-hidden rounded-[1.5rem] text-ink outline-offset-4"
      >
        <LitStage
          seed={channel.handle}
          crowd={crowdSize(channel.viewers)}
          isMoving
          className="col-start-1 row-start-1 h-[min(76svh,62vw)] min-h-[27rem] w-full transition duration-700 ease-curtain group-hover:scale-[1.015]"
        />
        <div className="relative col-start-1 row-start-1 flex flex-col justify-end bg-linear-to-t from-black/75 via-black/15 to-transparent sm:bg-linear-to-tr sm:via-black/10 p-[clamp(1.25rem,3.5vw,3.5rem)]">
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-[0.9375rem] font-medium">
            <LiveBadge>{t("live.live")}</LiveBadge>
            <span>{t("live.viewers", { count: channel.viewers })}</span>
            <span>
              <span className="sr-only">{t("live.uptime")} </span>
              <Uptime startedAt={channel.startedAt} />
            </span>
          </div>
          <h2 className="mt-4 line-clamp-3 max-w-[22ch] text-[clamp(2rem,5.2vw,4.75rem)] leading-[1.04] tracking-[-0.035em]">
            {channel.title || t("home.untitled", { name: channel.displayName })}
          </h2>
          <p className="mt-3 text-lg text-soft">{channel.displayName}</p>
        </div>
      </WatchLink>
    </article>
  );
}
