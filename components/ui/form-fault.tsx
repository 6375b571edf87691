"use client";

import { useTranslations } from "next-intl";
import type { FormState } from "@/lib/app-error";
import { FieldError } from "./field";

/** What is wrong with a form as a whole; nothing while nothing is. */
export function FormFault({ state }: { state: FormState }) {
  const t = useTranslations("errors");
  if (state?.kind !== "invalid" || !state.form) return null;
  return <FieldError>{t(state.form)}</FieldError>;
}
