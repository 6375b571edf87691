"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useChannel } from "@/components/channel/use-channel";
import { Uptime } from "@/components/live/uptime";
import { buttonClass } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { ConfirmButton } from "@/components/ui/confirm-button";
import type { FormOutcome } from "@/lib/app-error";
import type { Channel } from "@/lib/dal/channel/channel";

type StatusStripProps = { rendered: Channel; endBroadcast: () => Promise<FormOutcome> };

/** Where the broadcast stands, as it changes: waiting, connected, live, dropped. */
export function StatusStrip({ rendered, endBroadcast }: StatusStripProps) {
  const t = useTranslations();
  const { channel, isLost } = useChannel(rendered);
  const { title, text } = useWords(channel);
  const isLive = channel.state === "live";
  return (
    <section
      aria-label={t("studio.status")}
      className={classNames(
        "flex flex-wrap items-center justify-between gap-x-10 gap-y-5 rounded-[1.5rem] p-6 transition-colors duration-700 sm:p-8",
        isLive ? "bg-live text-on-live" : "bg-raised",
      )}
    >
      <div role="status" className="grid gap-1">
        <p className="flex items-center gap-3 text-2xl font-bold tracking-[-0.02em] sm:text-3xl">
          <Dot state={channel.state} />
          {title}
        </p>
        <p className={isLive ? "tabular font-medium" : "text-soft"}>{isLost ? t("channel.stateLost") : text}</p>
      </div>
      <div className="flex flex-wrap gap-3">
        {channel.state !== "offline" && (
          <ConfirmButton
            label={t("studio.end")}
            title={t("studio.endTitle")}
            text={t("studio.endText")}
            look="quiet"
            act={endBroadcast}
          />
        )}
        <Link href={`/c/${channel.handle}`} className={buttonClass(isLive ? "lit" : "quiet", "small")}>
          {t("studio.openChannel")}
        </Link>
      </div>
    </section>
  );
}

function Dot({ state }: { state: Channel["state"] }) {
  return (
    <span
      aria-hidden="true"
      className={classNames(
        "size-[0.55em] shrink-0 rounded-full",
        state === "offline" ? "bg-faint" : "bg-current motion-safe:animate-tally",
      )}
    />
  );
}

function useWords({ state, startedAt, viewers, endReason }: Channel): { title: string; text: ReactNode } {
  const t = useTranslations();
  switch (state) {
    case "offline":
      return {
        title: t("studio.waiting"),
        text: (
          <>
            {t("studio.waitingText")}
            {endReason && ` ${t("studio.ended", { reason: t(`endReason.${endReason}`) })}`}
          </>
        ),
      };
    case "starting":
      return { title: t("studio.connected"), text: t("studio.connectedText") };
    case "reconnecting":
      return { title: t("studio.reconnecting"), text: t("studio.reconnectingText") };
    case "live":
      return {
        title: t("studio.youAreLive"),
        text: (
          <>
            {t("live.watching", { count: viewers })}
            {startedAt && (
              <span aria-hidden="true">
                {" · "}
                <Uptime startedAt={startedAt} />
              </span>
            )}
          </>
        ),
      };
  }
}
