"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useEvents } from "@/components/live/use-events";
import type { LiveChannel } from "@/lib/dal/live/live-channel";
import { ChannelCard } from "./channel-card";
import { LeadChannel } from "./lead-channel";

/** Who is live, as it changes. The first has the stage, the others stand beside it; `empty` is shown when there is nobody. */
export function LiveChannels({ rendered, empty }: { rendered: LiveChannel[]; empty: ReactNode }) {
  const t = useTranslations("home");
  const { data: channels, isLost } = useEvents("/api/live/events", "live", rendered);
  const [lead, ...others] = channels;

  return (
    <>
      <p role="status" className={isLost ? "gutter pb-4 text-warn" : "sr-only"}>
        {isLost ? t("lost") : t("count", { count: channels.length })}
      </p>
      {lead ? (
        <section aria-labelledby="on-now" className="gutter grid gap-10">
          <h1 id="on-now" className="sr-only">
            {t("title")}
          </h1>
          <LeadChannel key={lead.handle} channel={lead} />
          {others.length > 0 && (
            <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,21rem),1fr))] gap-x-6 gap-y-10">
              {others.map((channel) => (
                <li key={channel.handle} className="motion-safe:animate-rise">
                  <ChannelCard channel={channel} />
                </li>
              ))}
            </ul>
          )}
        </section>
      ) : (
        empty
      )}
    </>
  );
}
