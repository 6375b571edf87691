"use client";

import { useFormatter, useTranslations } from "next-intl";
import { Ago, useAgo } from "@/components/live/ago";
import { LiveBadge } from "@/components/live/live-badge";
import { Button } from "@/components/ui/button";
import { ConfirmButton } from "@/components/ui/confirm-button";
import { CopyButton } from "@/components/ui/copy-button";
import { FieldError } from "@/components/ui/field";
import type { FormOutcome } from "@/lib/app-error";
import type { StreamKey } from "@/lib/dal/stream-key/stream-key";
import { type RevealKey, useSecret } from "./use-secret";

type RevokeKey = (streamKeyId: string) => Promise<FormOutcome>;
type KeyListProps = { keys: StreamKey[]; reveal: RevealKey; revoke: RevokeKey };

/** The channel's keys: those that work, and, folded away, those that don't any more. */
export function KeyList({ keys, reveal, revoke }: KeyListProps) {
  const t = useTranslations("studio");
  const current = keys.filter(({ revokedAt }) => !revokedAt);
  const revoked = keys.filter(({ revokedAt }) => revokedAt);
  return (
    <div className="grid gap-6">
      {current.length > 0 && (
        <ul aria-label={t("keys")} className="grid gap-3">
          {current.map((streamKey) => (
            <KeyRow key={streamKey.id} streamKey={streamKey} reveal={reveal} revoke={revoke} />
          ))}
        </ul>
      )}
      {revoked.length > 0 && (
        <details>
          <summary className="w-fit py-2 font-medium text-soft">{t("revokedKeys", { count: revoked.length })}</summary>
          <ul className="grid gap-2 pt-2">
            {revoked.map((streamKey) => (
              <li key={streamKey.id} className="flex flex-wrap justify-between gap-x-6 py-1 text-soft">
                <span>
                  <s>{streamKey.label}</s> <span className="font-mono text-sm text-faint">{streamKey.masked}</span>
                </span>
                <span>
                  {t("revoked")} {streamKey.revokedAt && <Ago at={streamKey.revokedAt} />}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

type KeyRowProps = { streamKey: StreamKey; reveal: RevealKey; revoke: RevokeKey };

function KeyRow({ streamKey, reveal, revoke }: KeyRowProps) {
  const t = useTranslations();
  const format = useFormatter();
  const secret = useSecret(streamKey.id, reveal);
  const { id, label, masked, isLive, expiresAt } = streamKey;
  return (
    <li aria-label={label} className="grid gap-x-6 gap-y-3 rounded-2xl bg-sunken p-4 sm:grid-cols-[1fr_auto] sm:px-5">
      <div className="grid min-w-0 gap-1">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-lg font-semibold">
          {label}
          {isLive && <LiveBadge>{t("studio.onAir")}</LiveBadge>}
        </p>
        <p className="font-mono text-sm break-all text-soft">{secret.shown ?? masked}</p>
        <p className="text-sm text-faint">
          <LastUse streamKey={streamKey} />
        </p>
        {expiresAt && (
          <p className="text-sm text-faint">
            {t("studio.expires", {
              date: format.dateTime(new Date(expiresAt), { dateStyle: "medium", timeStyle: "short" }),
            })}
          </p>
        )}
        {secret.fault && <FieldError>{t(`errors.${secret.fault}`)}</FieldError>}
      </div>
      <div className="flex flex-wrap content-start gap-2 sm:justify-end">
        <Button look="quiet" size="small" onClick={secret.toggle}>
          {t(secret.isShown ? "form.hide" : "form.show")}
          <span className="sr-only"> {label}</span>
        </Button>
        <CopyButton what={label} text={secret.read} />
        <ConfirmButton
          label={t("studio.revoke")}
          hidden={label}
          title={t("studio.revokeTitle", { label })}
          text={t("studio.revokeText")}
          act={() => revoke(id)}
        />
      </div>
    </li>
  );
}

function LastUse({ streamKey }: { streamKey: StreamKey }) {
  const t = useTranslations("studio");
  const ago = useAgo();
  const { lastUsedAt, lastUsedAddress } = streamKey;
  const when = lastUsedAt && t("lastUsedFrom", { ago: ago(lastUsedAt), address: lastUsedAddress ?? "?" });
  return (
    <span suppressHydrationWarning>
      {t("lastUsed")}: {when ?? t("neverUsed")}
    </span>
  );
}
