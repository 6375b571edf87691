import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PasswordForm } from "@/components/studio/password-form";
import { SignOutEverywhere } from "@/components/studio/sign-out-everywhere";
import { Facts } from "@/components/ui/facts";
import { PageTitle } from "@/components/ui/page-title";
import { Panel } from "@/components/ui/panel";
import { getAccount } from "@/lib/dal/account/get-account";
import { signedInUser } from "../../../signed-in";
import { changePassword, signOutEverywhere } from "../actions";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("account"))("title") };
}

export default async function AccountPage() {
  const t = await getTranslations("account");
  const auth = await getTranslations("auth");
  const { handle, email } = await getAccount(await signedInUser("/studio/account"));
  return (
    <div className="gutter grid max-w-4xl gap-6 pt-2">
      <PageTitle>{t("title")}</PageTitle>
      <Panel title={t("identity")}>
        <Facts
          facts={[
            { name: auth("handle"), value: handle },
            { name: auth("email"), value: email },
          ]}
        />
      </Panel>
      <Panel title={t("changePassword")} text={t("changePasswordText")}>
        <PasswordForm change={changePassword} />
      </Panel>
      <Panel title={t("everywhere")} text={t("everywhereText")}>
        <SignOutEverywhere signOut={signOutEverywhere} />
      </Panel>
    </div>
  );
}
