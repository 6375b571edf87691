import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AccountForm } from "@/components/auth/account-form";
import { AuthPage } from "@/components/auth/auth-page";
import { buttonClass } from "@/components/ui/button";
import { currentActor } from "@/lib/auth/current-actor";
import { getSignUpPolicy } from "@/lib/dal/settings/get-sign-up-policy";
import { signUp } from "../actions";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("auth"))("signUpTitle") };
}

export default async function SignUpPage() {
  const t = await getTranslations();
  const actor = await currentActor();
  if (actor.kind === "user") redirect("/studio");
  const policy = await getSignUpPolicy(actor);
  if (policy === "closed") {
    return (
      <AuthPage title={t("auth.closedTitle")} text={t("auth.closedText")}>
        <p>
          <Link href="/" className={buttonClass()}>
            {t("auth.toHome")}
          </Link>
        </p>
      </AuthPage>
    );
  }
  return (
    <AuthPage title={t("auth.signUpTitle")} text={t("auth.signUpText")}>
      <AccountForm
        action={signUp}
        fields={[...(policy === "invitation" ? (["invitation"] as const) : []), "handle", "email", "password"]}
        isNew
        submit={t("site.signUp")}
        next="/studio"
      />
      <p className="text-soft">
        {t("auth.haveAccount")}{" "}
        <Link href="/sign-in" className="font-semibold text-ink underline underline-offset-4">
          {t("site.signIn")}
        </Link>
      </p>
    </AuthPage>
  );
}
