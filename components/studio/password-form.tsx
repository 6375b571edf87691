"use client";

import { useTranslations } from "next-intl";
import { Field } from "@/components/ui/field";
import { FormFault } from "@/components/ui/form-fault";
import { SubmitButton } from "@/components/ui/submit-button";
import { useKeptForm } from "@/components/ui/use-kept-form";
import type { FormOutcome, FormState } from "@/lib/app-error";

type ChangePassword = (previous: FormState, form: FormData) => Promise<FormOutcome>;

export function PasswordForm({ change }: { change: ChangePassword }) {
  const t = useTranslations();
  const { state, isPending, form } = useKeptForm(change, true);
  const fields = state?.kind === "invalid" ? state.fields : {};
  return (
    <form {...form} className="grid gap-5">
      <Field
        name="currentPassword"
        type="password"
        label={t("account.current")}
        autoComplete="current-password"
        error={fields.currentPassword && t(`errors.${fields.currentPassword}`)}
      />
      <Field
        name="newPassword"
        type="password"
        label={t("account.next")}
        autoComplete="new-password"
        hint={t("auth.passwordHint")}
        error={fields.newPassword && t(`errors.${fields.newPassword}`)}
      />
      <FormFault state={state} />
      <div className="flex flex-wrap items-center gap-4">
        <SubmitButton isPending={isPending}>{t("account.changePassword")}</SubmitButton>
        <span role="status" className="text-good">
          {state?.kind === "done" && !isPending && t("account.changed")}
        </span>
      </div>
    </form>
  );
}
