"use client";

import { useTranslations } from "next-intl";
import { BackWhenHealthy } from "@/components/home/back-when-healthy";
import { MessagePage } from "@/components/home/message-page";
import { Button } from "@/components/ui/button";

type ErrorPageProps = { error: Error & { digest?: string }; retry: () => void };

/** What a page shows when it could not be made. A fault of the database is told apart: that page comes back by itself. */
export default function ErrorPage({ error, retry }: ErrorPageProps) {
  const t = useTranslations();
  const isDatabaseAway = error.digest === "app-error:database-unavailable";
  return (
    <main className="flex min-h-dvh flex-col">
      <MessagePage
        title={t(isDatabaseAway ? "unavailable.title" : "error.title")}
        text={t(isDatabaseAway ? "unavailable.text" : "error.text")}
      >
        {isDatabaseAway ? <BackWhenHealthy /> : <Button onClick={retry}>{t("error.retry")}</Button>}
      </MessagePage>
    </main>
  );
}
