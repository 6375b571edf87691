import type { ReactNode } from "react";
import { LitStage } from "@/components/stage/lit-stage";

/** A page that asks for one thing: the form on one side, the stage on the other. */
export function AuthPage({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <div className="gutter grid grow items-stretch gap-8 pt-4 lg:grid-cols-[minmax(0,30rem)_1fr] lg:gap-16">
      <div className="mx-auto flex w-full max-w-md flex-col justify-center gap-8 py-6 lg:mx-0 lg:max-w-none">
        <header className="grid gap-3">
          <h1 className="text-[clamp(2.25rem,4vw,3.5rem)] tracking-[-0.035em]">{title}</h1>
          {text && <p className="text-lg text-soft">{text}</p>}
        </header>
        {children}
      </div>
      <LitStage
        seed="livehouse"
        crowd={24}
        isMoving
        className="hidden h-full min-h-[36rem] w-full rounded-[1.5rem] object-cover lg:block"
      />
    </div>
  );
}
