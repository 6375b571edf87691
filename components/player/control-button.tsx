import type { ReactNode } from "react";
import { classNames } from "@/components/ui/class-names";

type ControlButtonProps = {
  label: string;
  press(): void;
  /** The viewer just watches: it is there for the keyboard only. */
  isAway: boolean;
  /** Of a switch. */
  isPressed?: boolean;
  /** What hovering says, when that is more than the label. */
  hint?: string;
  children: ReactNode;
};

export function ControlButton({ label, press, isAway, isPressed, hint, children }: ControlButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={isPressed}
      title={hint ?? label}
      onClick={press}
      className={classNames(
        "grid size-11 place-items-center rounded-full text-white transition hover:bg-white/15 focus-visible:outline-white",
        isPressed === false && "opacity-60",
        isAway && "opacity-0 focus-visible:opacity-100",
      )}
    >
      {children}
    </button>
  );
}
