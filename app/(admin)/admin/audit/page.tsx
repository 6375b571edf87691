import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { AuditTable } from "@/components/admin/audit-table";
import { buttonClass } from "@/components/ui/button";
import { PageTitle } from "@/components/ui/page-title";
import { listAuditEntries } from "@/lib/dal/audit/list-audit-entries";
import { onlyText } from "../../../only-text";
import { signedInAdministrator } from "../../../signed-in";

export default async function AuditPage({ searchParams }: PageProps<"/admin/audit">) {
  const t = await getTranslations("admin");
  const actor = await signedInAdministrator("/admin/audit");
  const { entries, next } = await listAuditEntries(actor, { before: onlyText((await searchParams).before) || null });
  return (
    <>
      <PageTitle>{t("audit")}</PageTitle>
      <AuditTable entries={entries} />
      {next && (
        <p>
          <Link href={{ pathname: "/admin/audit", query: { before: next } }} className={buttonClass("quiet")}>
            {t("more")}
          </Link>
        </p>
      )}
    </>
  );
}
