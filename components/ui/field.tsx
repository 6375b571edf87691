import { type ComponentProps, useId } from "react";
import { classNames } from "./class-names";

type FieldProps = ComponentProps<"input"> & {
  label: string;
  hint?: string;
  /** What is wrong with it, in words. */
  error?: string | null;
};

export const fieldClass =
  "w-full min-h-12 rounded-field bg-sunken px-4 text-ink ring-1 ring-edge ring-inset placeholder:text-faint outline-offset-0 aria-invalid:ring-2 aria-invalid:ring-warn";

/** A labelled input. Its error is announced, and named as the input's description. */
export function Field({ label, hint, error, className, ...input }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={classNames("grid gap-2", className)}>
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      <input
        id={id}
        className={fieldClass}
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
        {...input}
      />
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-faint">
          {hint}
        </p>
      )}
    </div>
  );
}

export function FieldError({ id, children }: { id?: string; children: string }) {
  return (
    <p id={id} role="alert" className="flex items-start gap-2 text-sm font-medium text-warn">
      <span
        aria-hidden="true"
        className="mt-[0.1em] grid size-[1.2em] shrink-0 place-items-center rounded-full border-2 text-[0.8em] leading-none font-bold"
      >
        !
      </span>
      {children}
    </p>
  );
}
