import type { Metadata, Route } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AccountForm } from "@/components/auth/account-form";
import { AuthPage } from "@/components/auth/auth-page";
import { nextAddress } from "@/components/auth/next-address";
import { currentActor } from "@/lib/auth/current-actor";
import { signIn } from "../actions";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("auth"))("signInTitle") };
}

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const t = await getTranslations();
  const next = nextAddress((await searchParams).next, "/studio");
  // Also what the page becomes by signing in: its action renders it anew.
  if ((await currentActor()).kind === "user") redirect(next as Route);
  return (
    <AuthPage title={t("auth.signInTitle")} text={t("auth.signInText")}>
      <AccountForm action={signIn} fields={["email", "password"]} isNew={false} submit={t("site.signIn")} next={next} />
      <p className="text-soft">
        {t("auth.noAccount")}{" "}
        <Link href="/sign-up" className="font-semibold text-ink underline underline-offset-4">
          {t("site.signUp")}
        </Link>
      </p>
    </AuthPage>
  );
}
