import type { Route } from "next";
import Link from "next/link";
import { GhostLight } from "@/components/stage/ghost-light";
import { buttonClass } from "@/components/ui/button";

type EmptyHouseProps = { title: string; text: string; invitation: string; links: { href: Route; text: string }[] };

/** Nobody is live: the ghost light, and what to do next. */
export function EmptyHouse({ title, text, invitation, links }: EmptyHouseProps) {
  return (
    <section className="gutter">
      <div className="on-stage relative grid overflow-hidden rounded-[1.5rem] text-ink">
        <GhostLight className="col-start-1 row-start-1 h-full min-h-[min(74svh,46rem)] w-full" />
        <div className="relative col-start-1 row-start-1 flex max-w-2xl flex-col justify-end gap-5 bg-linear-to-t from-black/70 to-transparent p-[clamp(1.25rem,4vw,4rem)] sm:bg-none">
          <h1 className="text-[clamp(2.25rem,5.6vw,5rem)] leading-[1.03] tracking-[-0.04em]">{title}</h1>
          <p className="max-w-[34rem] text-lg text-soft">{text}</p>
          <p className="max-w-[34rem] text-lg text-soft">{invitation}</p>
          <p className="flex flex-wrap gap-3 pt-2">
            {links.map(({ href, text: label }, index) => (
              <Link key={href} href={href} className={buttonClass(index ? "quiet" : "lit")}>
                {label}
              </Link>
            ))}
          </p>
        </div>
      </div>
    </section>
  );
}
