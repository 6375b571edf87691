"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useEffect } from "react";
import { Field } from "@/components/ui/field";
import { FormFault } from "@/components/ui/form-fault";
import { SubmitButton } from "@/components/ui/submit-button";
import { useKeptForm } from "@/components/ui/use-kept-form";
import type { FormOutcome, FormState } from "@/lib/app-error";

type SignedIn = { handle: string };
export type AccountAction = (previous: FormState<SignedIn>, form: FormData) => Promise<FormOutcome<SignedIn>>;
export type AccountFieldName = "handle" | "email" | "password" | "invitation";

type AccountFormProps = {
  action: AccountAction;
  fields: AccountFieldName[];
  /** A new password has rules, which are said beforehand. */
  isNew: boolean;
  submit: string;
  /** Where to go once signed in; an address of this site. */
  next: string;
  hidden?: Record<string, string>;
  children?: ReactNode;
};

/** Sign in, sign up and set up: the same fields, asked in the same way. */
export function AccountForm({ action, fields, isNew, submit, next, hidden = {}, children }: AccountFormProps) {
  const { state, isPending, form } = useKeptForm(action);

  // A full load: what was fetched before as a visitor must not be shown to who is now signed in.
  useEffect(() => {
    if (state?.kind === "done") window.location.assign(next);
  }, [state, next]);

  return (
    <form {...form} className="grid gap-6">
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {fields.map((name) => (
        <AccountField key={name} name={name} isNew={isNew} state={state} />
      ))}
      <FormFault state={state} />
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3 pt-1">
        <SubmitButton isPending={isPending || state?.kind === "done"}>{submit}</SubmitButton>
        {children}
      </div>
    </form>
  );
}

type AccountFieldProps = { name: AccountFieldName; isNew: boolean; state: FormState<SignedIn> };

function AccountField({ name, isNew, state }: AccountFieldProps) {
  const t = useTranslations("auth");
  const errors = useTranslations("errors");
  const code = state?.kind === "invalid" ? state.fields[name] : null;
  const hints = { handle: t("handleHint"), email: null, password: t("passwordHint"), invitation: t("invitationHint") };
  const autoComplete = { handle: "nickname", email: "username", invitation: "off" };
  return (
    <Field
      name={name}
      label={t(name)}
      type={name === "password" || name === "email" ? name : "text"}
      required
      autoCapitalize="none"
      spellCheck={false}
      autoComplete={name === "password" ? (isNew ? "new-password" : "current-password") : autoComplete[name]}
      hint={(isNew && hints[name]) || undefined}
      error={code && errors(code)}
      defaultValue={state?.kind === "invalid" ? state.typed?.[name] : undefined}
    />
  );
}
