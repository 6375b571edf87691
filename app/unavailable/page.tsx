import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { BackWhenHealthy } from "@/components/home/back-when-healthy";
import { MessagePage } from "@/components/home/message-page";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("unavailable"))("title"), robots: { index: false } };
}

/** Shown with status 503 in place of any page while the database is away (proxy.ts). Asks nothing of the database. */
export default async function UnavailablePage() {
  const t = await getTranslations("unavailable");
  return (
    <main className="flex min-h-dvh flex-col py-4">
      <MessagePage title={t("title")} text={t("text")}>
        <BackWhenHealthy />
      </MessagePage>
    </main>
  );
}
