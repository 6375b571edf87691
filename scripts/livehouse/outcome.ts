import type { FormCode, FormOutcome } from "@/lib/app-error";
import { isAppError } from "@/lib/app-error";
import { CommandError, UsageError } from "./command";

const NOT_RUNNING = "Livehouse is not running: start it with npm start";

const sentences: Partial<Record<FormCode, string>> = {
  "handle-taken": "This handle is taken.",
  "handle-malformed": "This is no handle: 3 to 24 small letters, digits and underscores, beginning with a letter.",
  "handle-reserved": "This handle is reserved.",
  "email-taken": "There is an account with this e-mail address.",
  "email-malformed": "This is no e-mail address.",
  "password-too-short": "This password is too short.",
  "password-too-long": "This password is too long.",
  "password-weak": "This password is too easy to guess.",
  "label-missing": "A label is missing.",
  "label-too-long": "This label is too long.",
  "too-many-keys": "This channel has as many keys as it may have; revoke one first.",
  "reason-too-long": "This reason is too long.",
  "not-found": "There is no such user.",
  "database-unavailable": NOT_RUNNING,
};

/** The outcome of a verb that did what it was asked. @throws CommandError with a sentence for each fault */
export function doneOrThrow<Done extends object>(outcome: FormOutcome<Done>): Done {
  if (outcome.kind === "done") return outcome;
  const codes = [outcome.form, ...Object.values(outcome.fields)].filter((code) => code !== undefined);
  throw new CommandError(codes.map((code) => sentences[code] ?? `Refused: ${code}.`).join(" "));
}

/** What a failed call says on standard error, and its exit code. */
export function failureOf(error: unknown): { sentence: string; exitCode: 1 | 2 } {
  if (error instanceof UsageError) return { sentence: error.message, exitCode: 2 };
  if (error instanceof CommandError) return { sentence: error.message, exitCode: 1 };
  if (isAppError(error, "database-unavailable")) return { sentence: NOT_RUNNING, exitCode: 1 };
  if (isAppError(error, "not-found")) return { sentence: "There is no such user, key or live session.", exitCode: 1 };
  if (isAppError(error))
    return { sentence: `Refused: ${error.code}${error.field ? ` (${error.field})` : ""}.`, exitCode: 1 };
  return { sentence: error instanceof Error ? error.message : String(error), exitCode: 1 };
}
