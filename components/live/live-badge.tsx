import { classNames } from "@/components/ui/class-names";

/** The tally light. The only thing in the house that wears the accent. */
export function LiveBadge({ children, className }: { children: string; className?: string }) {
  return (
    <span
      className={classNames(
        "inline-flex items-center gap-1.5 rounded-full bg-live px-2.5 py-0.5 text-sm font-bold text-on-live",
        className,
      )}
    >
      <span aria-hidden="true" className="size-2 motion-safe:animate-tally rounded-full bg-current" />
      {children}
    </span>
  );
}
