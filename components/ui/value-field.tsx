"use client";

import { type ReactNode, useId } from "react";

/** A value to take elsewhere: it can be read, selected and, by the buttons beside it, copied. */
export function ValueField({ label, value, children }: { label: string; value: string; children: ReactNode }) {
  const id = useId();
  return (
    <div className="grid gap-2">
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      <div className="flex flex-wrap items-center gap-2 rounded-field bg-sunken p-2 pl-4">
        <input
          id={id}
          readOnly
          value={value}
          spellCheck={false}
          autoComplete="off"
          onFocus={(event) => event.target.select()}
          className="min-w-0 grow basis-44 bg-transparent py-1.5 font-mono text-[0.9375rem]"
        />
        <span className="flex flex-wrap gap-2">{children}</span>
      </div>
    </div>
  );
}
