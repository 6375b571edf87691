"use client";

import { useFormatter, useTranslations } from "next-intl";
import { CopyButton } from "@/components/ui/copy-button";
import { FormFault } from "@/components/ui/form-fault";
import { SubmitButton } from "@/components/ui/submit-button";
import { useKeptForm } from "@/components/ui/use-kept-form";
import { ValueField } from "@/components/ui/value-field";
import type { FormOutcome } from "@/lib/app-error";

type InviteFormProps = { invite: () => Promise<FormOutcome<{ code: string; expiresAt: string }>> };

/** Makes a code for one account and shows it this once. */
export function InviteForm({ invite }: InviteFormProps) {
  const t = useTranslations("admin");
  const format = useFormatter();
  const { state, isPending, form } = useKeptForm(invite);
  return (
    <form {...form} className="grid gap-5">
      <div>
        <SubmitButton isPending={isPending}>{t("invite")}</SubmitButton>
      </div>
      <FormFault state={state} />
      {state?.kind === "done" && (
        <div role="status" className="grid gap-2">
          <ValueField label={t("invitation")} value={state.code}>
            <CopyButton what={t("invitation")} text={state.code} look="lit" />
          </ValueField>
          <p className="text-sm text-faint">
            {t("inviteUntil", { date: format.dateTime(new Date(state.expiresAt), { dateStyle: "medium" }) })}
          </p>
        </div>
      )}
    </form>
  );
}
