"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useId, useRef } from "react";
import type { FormOutcome, FormState } from "@/lib/app-error";
import { Button, type ButtonLook } from "./button";
import { FormFault } from "./form-fault";
import { SubmitButton } from "./submit-button";
import { useKeptForm } from "./use-kept-form";

type ConfirmButtonProps = {
  /** What the button says; `hidden` completes it for those who hear the page. */
  label: string;
  hidden?: string;
  title: string;
  text: string;
  look?: ButtonLook;
  act: (form: FormData) => Promise<FormOutcome>;
  /** Further fields of the dialog. */
  children?: (state: FormState) => ReactNode;
};

/** A button whose act can't be undone: it asks first, in a modal dialog, and shows there what went wrong. */
export function ConfirmButton({ label, hidden, title, text, look = "quiet", act, children }: ConfirmButtonProps) {
  const t = useTranslations("form");
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const { state, isPending, form } = useKeptForm(async (_previous: FormState, data) => {
    const outcome = await act(data);
    if (outcome.kind === "done") dialog.current?.close();
    return outcome;
  }, true);

  return (
    <>
      <Button look={look} size="small" onClick={() => dialog.current?.showModal()}>
        {label}
        {hidden && <span className="sr-only"> {hidden}</span>}
      </Button>
      <dialog
        ref={dialog}
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-text`}
        className="m-auto w-[min(32rem,calc(100vw-2rem))] rounded-3xl bg-raised p-7 text-left text-base font-normal text-ink shadow-2xl sm:p-9"
      >
        <form {...form} className="grid gap-5">
          <h2 id={`${id}-title`} className="text-2xl">
            {title}
          </h2>
          <p id={`${id}-text`} className="text-soft">
            {text}
          </p>
          {children?.(state)}
          <FormFault state={state} />
          <div className="flex flex-wrap justify-end gap-3 pt-2">
            <Button look="quiet" onClick={() => dialog.current?.close()}>
              {t("cancel")}
            </Button>
            <SubmitButton isPending={isPending}>{label}</SubmitButton>
          </div>
        </form>
      </dialog>
    </>
  );
}
