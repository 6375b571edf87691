"use client";

import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { FieldError } from "@/components/ui/field";
import { ValueField } from "@/components/ui/value-field";
import type { StreamKey } from "@/lib/dal/stream-key/stream-key";
import { type RevealKey, useSecret } from "./use-secret";

type EncoderConnectionProps = { rtmpUrl: string; streamKey: StreamKey; reveal: RevealKey };

/** Server and key to copy, and the three lines that say where they go. */
export function EncoderConnection({ rtmpUrl, streamKey, reveal }: EncoderConnectionProps) {
  const t = useTranslations();
  const secret = useSecret(streamKey.id, reveal);
  const bold = { b: (words: React.ReactNode) => <strong className="font-semibold text-ink">{words}</strong> };
  return (
    <div className="grid gap-6">
      <ValueField label={t("studio.server")} value={rtmpUrl}>
        <CopyButton what={t("studio.server")} text={rtmpUrl} look="lit" />
      </ValueField>
      <div className="grid gap-2">
        <ValueField label={t("studio.streamKey")} value={secret.shown ?? streamKey.masked}>
          <Button
            look="quiet"
            size="small"
            onClick={secret.toggle}
            aria-label={`${t(secret.isShown ? "form.hide" : "form.show")} ${t("studio.streamKey")}`}
          >
            {t(secret.isShown ? "form.hide" : "form.show")}
          </Button>
          <CopyButton what={t("studio.streamKey")} text={secret.read} look="lit" />
        </ValueField>
        {secret.fault && <FieldError>{t(`errors.${secret.fault}`)}</FieldError>}
        <p className="text-sm text-faint">
          {streamKey.label} · {t("studio.secret")}
        </p>
      </div>
      <div className="grid gap-2">
        <h3 className="text-lg">{t("studio.obsTitle")}</h3>
        <ol className="grid list-decimal gap-1.5 pl-5 text-soft marker:text-faint">
          <li>{t.rich("studio.obs1", bold)}</li>
          <li>{t.rich("studio.obs2", bold)}</li>
          <li>{t.rich("studio.obs3", bold)}</li>
        </ol>
      </div>
    </div>
  );
}
