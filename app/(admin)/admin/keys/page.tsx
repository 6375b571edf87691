import { getTranslations } from "next-intl/server";
import { AdminKeyTable } from "@/components/admin/admin-key-table";
import { PageTitle } from "@/components/ui/page-title";
import { SearchForm } from "@/components/ui/search-form";
import { isAppError } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import { listStreamKeys } from "@/lib/dal/stream-key/list-stream-keys";
import { onlyText } from "../../../only-text";
import { signedInAdministrator } from "../../../signed-in";
import { revokeKey } from "../actions";

export default async function KeysPage({ searchParams }: PageProps<"/admin/keys">) {
  const t = await getTranslations("admin");
  const actor = await signedInAdministrator("/admin/keys");
  const handle = onlyText((await searchParams).handle)
    .trim()
    .slice(0, 25);
  const keys = handle ? await keysOf(actor, handle) : null;
  return (
    <>
      <PageTitle>{handle ? t("keysOf", { handle }) : t("keys")}</PageTitle>
      <SearchForm address="/admin/keys" name="handle" label={t("handle")} submit={t("showKeys")} value={handle} />
      {keys ? (
        <AdminKeyTable keys={keys} revoke={revokeKey} />
      ) : (
        <p className="text-soft">{t(handle ? "noSuchUser" : "chooseOwner")}</p>
      )}
    </>
  );
}

async function keysOf(actor: Actor, handle: string) {
  try {
    return await listStreamKeys(actor, { handle });
  } catch (error) {
    if (isAppError(error, "not-found")) return null;
    throw error;
  }
}
