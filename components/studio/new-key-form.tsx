"use client";

import { useTranslations } from "next-intl";
import { CopyButton } from "@/components/ui/copy-button";
import { Field } from "@/components/ui/field";
import { FormFault } from "@/components/ui/form-fault";
import { SubmitButton } from "@/components/ui/submit-button";
import { useKeptForm } from "@/components/ui/use-kept-form";
import { ValueField } from "@/components/ui/value-field";
import type { FormOutcome, FormState } from "@/lib/app-error";
import type { RevealedStreamKey } from "@/lib/dal/stream-key/stream-key";

type Issued = { key: RevealedStreamKey };
export type IssueKey = (previous: FormState<Issued>, form: FormData) => Promise<FormOutcome<Issued>>;

/** Asks for a label and shows the new key at once, to be copied. */
export function NewKeyForm({ issue }: { issue: IssueKey }) {
  const t = useTranslations("studio");
  const errors = useTranslations("errors");
  const { state, isPending, form } = useKeptForm(issue, true);
  const invalid = state?.kind === "invalid" ? state : null;
  return (
    <div className="grid gap-5">
      <form {...form} className="grid items-start gap-4 sm:grid-cols-[1fr_auto]">
        <Field
          name="label"
          label={t("label")}
          hint={t("labelHint")}
          autoComplete="off"
          error={invalid?.fields.label && errors(invalid.fields.label)}
          defaultValue={invalid?.typed?.label}
        />
        <div className="sm:pt-8">
          <SubmitButton isPending={isPending}>{t("newKey")}</SubmitButton>
        </div>
        <FormFault state={state} />
      </form>
      {state?.kind === "done" && (
        <div role="status" className="grid gap-3 rounded-2xl bg-sunken p-4">
          <p className="font-medium">{t("keyMade", { label: state.key.label })}</p>
          <ValueField label={`${t("streamKey")}: ${state.key.label}`} value={state.key.streamKey}>
            <CopyButton what={state.key.label} text={state.key.streamKey} look="lit" />
          </ValueField>
        </div>
      )}
    </div>
  );
}
