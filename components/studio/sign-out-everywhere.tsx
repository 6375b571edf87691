"use client";

import { useTranslations } from "next-intl";
import { ConfirmButton } from "@/components/ui/confirm-button";
import type { FormOutcome } from "@/lib/app-error";

/** Ends every session of the account and leaves, by a full load. */
export function SignOutEverywhere({ signOut }: { signOut: () => Promise<FormOutcome> }) {
  const t = useTranslations("account");
  const leave = async () => {
    const outcome = await signOut();
    if (outcome.kind === "done") window.location.assign("/sign-in");
    return outcome;
  };
  return (
    <div>
      <ConfirmButton label={t("everywhere")} title={t("everywhereTitle")} text={t("everywhereText")} act={leave} />
    </div>
  );
}
