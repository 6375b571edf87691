"use client";

import { useTranslations } from "next-intl";
import { Button, type ButtonLook, type ButtonSize } from "./button";

type SubmitButtonProps = { children: string; isPending: boolean; look?: ButtonLook; size?: ButtonSize };

/** Says that it works while its form does. It stays focusable: a disabled button would lose the keyboard's place. */
export function SubmitButton({ children, isPending, look, size }: SubmitButtonProps) {
  const t = useTranslations("form");
  return (
    <Button type="submit" look={look} size={size} aria-disabled={isPending} className={isPending ? "opacity-60" : ""}>
      {isPending ? t("working") : children}
    </Button>
  );
}
