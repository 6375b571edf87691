import { type ReactNode, useId } from "react";
import { classNames } from "./class-names";

type PanelProps = { title: string; text?: string; className?: string; children: ReactNode };

/** A titled part of a page on its own ground. */
export function Panel({ title, text, className, children }: PanelProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={classNames("grid content-start gap-6 rounded-[1.5rem] bg-raised p-6 sm:p-8", className)}
    >
      <header className="grid gap-1.5">
        <h2 id={id} className="text-2xl">
          {title}
        </h2>
        {text && <p className="text-soft">{text}</p>}
      </header>
      {children}
    </section>
  );
}
