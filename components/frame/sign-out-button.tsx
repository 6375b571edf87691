"use client";

import { useTranslations } from "next-intl";
import { useTransition } from "react";
import { Button } from "@/components/ui/button";

/** Leaves by a full load, so that nothing of the signed-in pages stays in the browser's memory. */
export function SignOutButton({ signOut }: { signOut: () => Promise<unknown> }) {
  const t = useTranslations("site");
  const [isLeaving, startLeaving] = useTransition();
  const leave = () =>
    startLeaving(async () => {
      await signOut();
      window.location.assign("/");
    });
  return (
    <Button look="bare" size="small" disabled={isLeaving} onClick={leave}>
      {t("signOut")}
    </Button>
  );
}
