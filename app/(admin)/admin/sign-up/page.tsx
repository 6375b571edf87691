import { getTranslations } from "next-intl/server";
import { InviteForm } from "@/components/admin/invite-form";
import { PolicyForm } from "@/components/admin/policy-form";
import { PageTitle } from "@/components/ui/page-title";
import { Panel } from "@/components/ui/panel";
import { getSignUpPolicy } from "@/lib/dal/settings/get-sign-up-policy";
import { signedInAdministrator } from "../../../signed-in";
import { issueInvitation, setSignUpPolicy } from "../actions";

export default async function SignUpPolicyPage() {
  const t = await getTranslations("admin");
  const policy = await getSignUpPolicy(await signedInAdministrator("/admin/sign-up"));
  return (
    <>
      <PageTitle>{t("signUp")}</PageTitle>
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Panel title={t("policy")}>
          <PolicyForm policy={policy} setPolicy={setSignUpPolicy} />
        </Panel>
        <Panel title={t("invite")} text={t("inviteText")}>
          <InviteForm invite={issueInvitation} />
        </Panel>
      </div>
    </>
  );
}
