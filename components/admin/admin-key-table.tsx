"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useAgo } from "@/components/live/ago";
import { LiveBadge } from "@/components/live/live-badge";
import { ConfirmButton } from "@/components/ui/confirm-button";
import { Table } from "@/components/ui/table";
import type { FormOutcome } from "@/lib/app-error";
import type { StreamKey } from "@/lib/dal/stream-key/stream-key";

type AdminKeyTableProps = { keys: StreamKey[]; revoke: (streamKeyId: string) => Promise<FormOutcome> };

/** A channel's keys as an administrator sees them: never the secret, not even its last letters. */
export function AdminKeyTable({ keys, revoke }: AdminKeyTableProps) {
  const t = useTranslations();
  const format = useFormatter();
  const ago = useAgo();
  const date = (at: string) => format.dateTime(new Date(at), { dateStyle: "medium" });
  const lastUse = ({ lastUsedAt, lastUsedAddress }: StreamKey) =>
    lastUsedAt
      ? t("studio.lastUsedFrom", { ago: ago(lastUsedAt), address: lastUsedAddress ?? "?" })
      : t("studio.neverUsed");
  return (
    <Table
      caption={t("admin.keys")}
      rows={keys}
      keyOf={({ id }) => id}
      empty={t("admin.noKeys")}
      columns={[
        {
          name: t("studio.label"),
          cell: ({ label, isLive, expiresAt }) => (
            <span className="flex flex-wrap items-center gap-x-3 font-semibold">
              {label} {isLive && <LiveBadge>{t("studio.onAir")}</LiveBadge>}
              {expiresAt && (
                <span className="font-normal text-soft">{t("studio.expires", { date: date(expiresAt) })}</span>
              )}
            </span>
          ),
        },
        { name: t("studio.created"), cell: ({ createdAt }) => date(createdAt) },
        { name: t("studio.lastUsed"), cell: (key) => <span suppressHydrationWarning>{lastUse(key)}</span> },
        {
          name: t("admin.actions"),
          cell: ({ id, label, revokedAt }) =>
            revokedAt ? (
              <span className="text-soft">
                {t("studio.revoked")} {date(revokedAt)}
              </span>
            ) : (
              <ConfirmButton
                label={t("studio.revoke")}
                hidden={label}
                title={t("studio.revokeTitle", { label })}
                text={t("studio.revokeText")}
                act={() => revoke(id)}
              />
            ),
        },
      ]}
    />
  );
}
