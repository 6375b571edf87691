"use client";

import { useTranslations } from "next-intl";
import { FormFault } from "@/components/ui/form-fault";
import { SubmitButton } from "@/components/ui/submit-button";
import { useKeptForm } from "@/components/ui/use-kept-form";
import type { FormOutcome, FormState } from "@/lib/app-error";

const policies = ["open", "invitation", "closed"] as const;

type PolicyFormProps = {
  policy: (typeof policies)[number];
  setPolicy: (previous: FormState, form: FormData) => Promise<FormOutcome>;
};

export function PolicyForm({ policy, setPolicy }: PolicyFormProps) {
  const t = useTranslations("admin");
  const forms = useTranslations("form");
  const studio = useTranslations("studio");
  const { state, isPending, form } = useKeptForm(setPolicy);
  return (
    <form {...form} className="grid gap-5">
      <fieldset className="grid gap-2">
        <legend className="sr-only">{t("policy")}</legend>
        {policies.map((value) => (
          <label
            key={value}
            className="flex cursor-pointer gap-4 rounded-2xl bg-sunken p-4 has-checked:ring-2 has-checked:ring-ink has-focus-visible:outline-3 has-focus-visible:outline-ink"
          >
            <input
              type="radio"
              name="policy"
              value={value}
              defaultChecked={value === policy}
              className="mt-1 size-5 accent-ink"
            />
            <span>
              <span className="block font-semibold">{t(`policies.${value}`)}</span>
              <span className="block text-soft">{t(`policyTexts.${value}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <FormFault state={state} />
      <div className="flex items-center gap-4">
        <SubmitButton isPending={isPending}>{studio("save")}</SubmitButton>
        <span role="status" className="text-good">
          {state?.kind === "done" && !isPending && forms("saved")}
        </span>
      </div>
    </form>
  );
}
