import type { ComponentProps } from "react";
import { classNames } from "./class-names";

export type ButtonLook = "lit" | "quiet" | "bare";
export type ButtonSize = "normal" | "small";

const looks: Record<ButtonLook, string> = {
  lit: "bg-button text-on-button hover:opacity-85",
  quiet: "bg-control text-ink hover:brightness-110",
  bare: "text-soft hover:text-ink hover:bg-sunken",
};

const sizes: Record<ButtonSize, string> = {
  normal: "min-h-12 px-6 text-base",
  small: "min-h-10 px-4 text-[0.9375rem]",
};

/** The look of a button, for links that are one. */
export function buttonClass(look: ButtonLook = "lit", size: ButtonSize = "normal"): string {
  return classNames(
    "inline-flex items-center justify-center gap-2 rounded-full font-semibold whitespace-nowrap transition disabled:opacity-50",
    looks[look],
    sizes[size],
  );
}

type ButtonProps = ComponentProps<"button"> & { look?: ButtonLook; size?: ButtonSize };

export function Button({ look, size, className, type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={classNames(buttonClass(look, size), className)} {...rest} />;
}
