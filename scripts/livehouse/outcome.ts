import type { FormCode, FormOutcome } from "@/lib/app-error";
import { isAppError } from "@/lib/app-error";
import messages from "@/lib/i18n/messages/en.json";
import { NOT_RUNNING } from "../connect-environment";
import { CommandError, UsageError } from "./command";

/** The portal's own words; only a lost database means something else here. */
export function sentenceOf(code: FormCode): string {
  return code === "database-unavailable" ? NOT_RUNNING : messages.errors[code];
}

/** The outcome of a verb that did what it was asked. @throws CommandError with a line for each fault, the field named */
export function doneOrThrow<Done extends object>(outcome: FormOutcome<Done>): Done {
  if (outcome.kind === "done") return outcome;
  const ofFields = Object.entries(outcome.fields).flatMap(([field, code]) =>
    code ? [`${field}: ${sentenceOf(code)}`] : [],
  );
  throw new CommandError([...(outcome.form ? [sentenceOf(outcome.form)] : []), ...ofFields].join("\n"));
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
