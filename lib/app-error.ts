/** Every fault of the portal has one of these codes; the number is its HTTP status. */
export const appErrorStatus = {
  invalid: 400,
  "sign-in-required": 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  "body-too-large": 413,
  "too-many-requests": 429,
  "database-unavailable": 503,
} as const;

export type AppErrorCode = keyof typeof appErrorStatus;

/** A fault that a caller can understand. Anything else that is thrown is a defect and answers 500. */
export class AppError extends Error {
  override readonly name = "AppError";
  /** For error boundaries: Next passes `digest` to the browser where it hides messages. */
  readonly digest: string;
  readonly field: string | null;

  constructor(
    readonly code: AppErrorCode,
    detail: { field?: string; cause?: unknown } = {},
  ) {
    super(code, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.field = detail.field ?? null;
    this.digest = `app-error:${code}`;
  }

  get status(): number {
    return appErrorStatus[this.code];
  }
}

/** True for an AppError, also one made by another bundle's copy of this module. */
export function isAppError(error: unknown, code?: AppErrorCode): error is AppError {
  return error instanceof Error && error.name === "AppError" && (!code || (error as AppError).code === code);
}

/** True for what Next throws to steer itself (redirects, dynamic rendering): it has to go on its way. */
export function isNextSignal(error: unknown): boolean {
  return error instanceof Error && "digest" in error && error.name !== "AppError";
}

/** What a form can be told. Each has a translation. */
export const formCodes = [
  "handle-taken",
  "handle-malformed",
  "handle-reserved",
  "email-taken",
  "email-malformed",
  "password-too-short",
  "password-too-long",
  "password-weak",
  "password-wrong",
  "credentials-wrong",
  "account-banned",
  "invitation-invalid",
  "sign-up-closed",
  "too-many-attempts",
  "token-invalid",
  "title-too-long",
  "label-missing",
  "label-too-long",
  "too-many-keys",
  "expiry-invalid",
  "reason-too-long",
  "policy-unknown",
  "sign-in-required",
  "forbidden",
  "not-found",
  "database-unavailable",
  "unexpected",
] as const;

export type FormCode = (typeof formCodes)[number];

/** `fields` names the fields that are wrong, `form` what is wrong with the whole; `typed` is what was typed, without secrets, to show again. */
export type FormInvalid = {
  kind: "invalid";
  fields: Partial<Record<string, FormCode>>;
  form?: FormCode;
  typed?: Record<string, string>;
};

export type FormOutcome<Done extends object = object> = ({ kind: "done" } & Done) | FormInvalid;

/** State of `useActionState`: null before the first submission. */
export type FormState<Done extends object = object> = FormOutcome<Done> | null;
