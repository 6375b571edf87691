import type { ReactNode } from "react";
import { GhostLight } from "@/components/stage/ghost-light";

/** A page that only says something: nothing here, something broke, back in a moment. */
export function MessagePage({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <section className="gutter flex grow flex-col py-2">
      <div className="on-stage relative grid grow overflow-hidden rounded-[1.5rem] text-ink">
        <GhostLight className="col-start-1 row-start-1 h-full min-h-[min(70svh,44rem)] w-full" />
        <div className="relative col-start-1 row-start-1 flex max-w-2xl flex-col justify-end gap-5 bg-linear-to-t from-black/70 to-transparent p-[clamp(1.25rem,4vw,4rem)] sm:bg-none">
          <h1 className="text-[clamp(2.25rem,5vw,4.5rem)] leading-[1.05] tracking-[-0.04em]">{title}</h1>
          <p className="max-w-[34rem] text-lg text-soft">{text}</p>
          {children && <div className="flex flex-wrap gap-3 pt-2">{children}</div>}
        </div>
      </div>
    </section>
  );
}
