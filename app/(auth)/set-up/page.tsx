import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AuthPage } from "@/components/auth/auth-page";
import { SetUpForm } from "@/components/auth/set-up-form";
import { setUpFirstAdministrator } from "../actions";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("auth"))("setUpTitle"), referrer: "no-referrer" };
}

export default async function SetUpPage() {
  const t = await getTranslations("auth");
  return (
    <AuthPage title={t("setUpTitle")} text={t("setUpText")}>
      <SetUpForm action={setUpFirstAdministrator} />
    </AuthPage>
  );
}
