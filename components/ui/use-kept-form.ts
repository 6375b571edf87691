"use client";

import { type FormEvent, startTransition, useActionState } from "react";
import type { FormOutcome, FormState } from "@/lib/app-error";

type Action<Done extends object> = (previous: FormState<Done>, form: FormData) => Promise<FormOutcome<Done>>;

/**
 * `useActionState` for a form that keeps what was typed, passwords too, when the answer is a fault: React empties a form after
 * its action, so the action is called by hand. Without scripts the form still posts. Emptied only when `emptyWhenDone`.
 */
export function useKeptForm<Done extends object>(action: Action<Done>, emptyWhenDone = false) {
  const [state, send, isPending] = useActionState<FormState<Done>, Sent>(async (previous, sent) => {
    const isSent = "form" in sent;
    const outcome = await action(previous, isSent ? sent.data : sent);
    if (isSent && emptyWhenDone && outcome.kind === "done") sent.form.reset();
    return outcome;
  }, null);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!isPending) startTransition(() => send({ form, data: new FormData(form) }));
  };
  return { state, isPending, form: { action: send, onSubmit, noValidate: true } };
}

/** By hand, with its form; or by React itself, before the page's scripts are there. */
type Sent = { form: HTMLFormElement; data: FormData } | FormData;
