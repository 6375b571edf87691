"use client";

import { useTranslations } from "next-intl";
import { useSyncExternalStore } from "react";
import { type AccountAction, AccountForm } from "./account-form";

/** The one-time token stands in the address's fragment, which browsers never send: so only this form can hand it over. */
function useFragment(): string | null {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener("hashchange", changed);
      return () => window.removeEventListener("hashchange", changed);
    },
    () => window.location.hash.slice(1),
    () => null,
  );
}

export function SetUpForm({ action }: { action: AccountAction }) {
  const t = useTranslations("auth");
  const token = useFragment();
  if (token === null) return null;
  if (token === "") {
    return (
      <div role="alert" className="grid gap-2 rounded-3xl bg-raised p-6">
        <h2 className="text-xl">{t("setUpNoToken")}</h2>
        <p className="text-soft">{t("setUpNoTokenText")}</p>
      </div>
    );
  }
  return (
    <AccountForm
      action={action}
      fields={["handle", "email", "password"]}
      isNew
      submit={t("setUpSubmit")}
      next="/studio"
      hidden={{ token }}
    />
  );
}
