import "server-only";
import { type AppErrorCode, type FormCode, type FormOutcome, isAppError, isNextSignal } from "@/lib/app-error";
import { log } from "@/lib/log";

const formCodeOf: Record<AppErrorCode, FormCode> = {
  invalid: "unexpected",
  "sign-in-required": "sign-in-required",
  forbidden: "forbidden",
  "not-found": "not-found",
  conflict: "unexpected",
  "body-too-large": "unexpected",
  "too-many-requests": "too-many-attempts",
  "database-unavailable": "database-unavailable",
};

/** Runs a server action's work; whatever goes wrong becomes a form code, so that a page always has an answer to show. */
export async function answerForm<Done extends object = object>(
  typed: Record<string, string>,
  work: () => Promise<FormOutcome<Done>>,
): Promise<FormOutcome<Done>> {
  try {
    const outcome = await work();
    return outcome.kind === "invalid" ? { ...outcome, typed } : outcome;
  } catch (error) {
    if (isNextSignal(error)) throw error;
    if (isAppError(error)) return { kind: "invalid", fields: {}, form: formCodeOf[error.code], typed };
    log().error({ err: error }, "a server action failed");
    return { kind: "invalid", fields: {}, form: "unexpected", typed };
  }
}

/** A form field's text; empty when it is missing or a file. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

/** The named fields as they were typed, to show them again. Never name a secret here. */
export function typedFields(form: FormData, names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, textOf(form, name).slice(0, 300)]));
}
