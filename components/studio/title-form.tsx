"use client";

import { useTranslations } from "next-intl";
import { Field } from "@/components/ui/field";
import { FormFault } from "@/components/ui/form-fault";
import { SubmitButton } from "@/components/ui/submit-button";
import { useKeptForm } from "@/components/ui/use-kept-form";
import type { FormOutcome, FormState } from "@/lib/app-error";

type Titled = { title: string };
type UpdateTitle = (previous: FormState<Titled>, form: FormData) => Promise<FormOutcome<Titled>>;

export function TitleForm({ title, update }: { title: string; update: UpdateTitle }) {
  const t = useTranslations("studio");
  const all = useTranslations();
  const { state, isPending, form } = useKeptForm(update);
  const code = state?.kind === "invalid" ? state.fields.title : null;
  return (
    <form {...form} className="grid gap-4">
      <Field
        name="title"
        label={t("broadcastTitle")}
        hint={t("broadcastHint")}
        autoComplete="off"
        error={code && all(`errors.${code}`)}
        defaultValue={state?.kind === "invalid" ? state.typed?.title : title}
      />
      <FormFault state={state} />
      <div className="flex items-center gap-4">
        <SubmitButton look="quiet" isPending={isPending}>
          {t("save")}
        </SubmitButton>
        <span role="status" className="text-good">
          {state?.kind === "done" && !isPending && all("form.saved")}
        </span>
      </div>
    </form>
  );
}
