"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { followEvents } from "@/components/live/follow-events";
import { LiveBadge } from "@/components/live/live-badge";
import { Uptime } from "@/components/live/uptime";
import { ConfirmButton } from "@/components/ui/confirm-button";
import { Table } from "@/components/ui/table";
import type { FormOutcome } from "@/lib/app-error";
import type { LiveSession } from "@/lib/dal/live/live-session";
import { audioText, videoText } from "./codec-text";

type LiveSessionTableProps = {
  sessions: LiveSession[];
  end: (liveSessionId: string) => Promise<FormOutcome>;
};

/** Every open live session; asked for anew whenever somebody goes on or off the air, and every few seconds. */
export function LiveSessionTable({ sessions, end }: LiveSessionTableProps) {
  const t = useTranslations("admin");
  useFreshPage();
  return (
    <Table
      caption={t("live")}
      rows={sessions}
      keyOf={({ liveSessionId }) => liveSessionId}
      empty={t("noLive")}
      columns={[
        { name: t("channel"), cell: (session) => <ChannelLink handle={session.handle} /> },
        { name: t("state"), isShort: true, cell: (session) => <State session={session} /> },
        { name: t("viewers"), cell: ({ viewers }) => viewers, isNumber: true },
        { name: t("video"), cell: ({ video }) => videoText(video) },
        { name: t("audio"), cell: ({ audio }) => audioText(audio) },
        { name: t("bitRate"), cell: ({ bitrateKbps }) => `${bitrateKbps} kbit/s`, isNumber: true },
        { name: t("encoder"), cell: ({ encoder }) => encoder ?? "–" },
        { name: t("address"), cell: ({ remoteAddress }) => remoteAddress, isShort: true },
        {
          name: t("actions"),
          cell: ({ liveSessionId, handle }) => (
            <ConfirmButton
              label={t("end")}
              hidden={handle}
              title={t("endTitle", { handle })}
              text={t("endText")}
              act={() => end(liveSessionId)}
            />
          ),
        },
      ]}
    />
  );
}

export function ChannelLink({ handle }: { handle: string }) {
  return (
    <Link href={`/c/${handle}`} className="font-semibold underline-offset-4 hover:underline">
      {handle}
    </Link>
  );
}

function State({ session: { state, startedAt } }: { session: LiveSession }) {
  const t = useTranslations("channel");
  return (
    <span className="flex items-center gap-x-3">
      {state === "live" ? <LiveBadge>{t("live")}</LiveBadge> : t(state)}
      {startedAt && <Uptime startedAt={startedAt} />}
    </span>
  );
}

const refreshMs = 5000;

function useFreshPage(): void {
  const { refresh } = useRouter();
  useEffect(() => {
    const timer = setInterval(() => document.hidden || refresh(), refreshMs);
    const stop = followEvents("/api/live/events", "live", { said: refresh, connection: () => undefined });
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [refresh]);
}
