import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { UserTable } from "@/components/admin/user-table";
import { buttonClass } from "@/components/ui/button";
import { PageTitle } from "@/components/ui/page-title";
import { SearchForm } from "@/components/ui/search-form";
import { listUsers } from "@/lib/dal/user/list-users";
import { onlyText } from "../../../only-text";
import { signedInAdministrator } from "../../../signed-in";
import { banUser, unbanUser } from "../actions";

export default async function UsersPage({ searchParams }: PageProps<"/admin/users">) {
  const t = await getTranslations("admin");
  const actor = await signedInAdministrator("/admin/users");
  const { query, after } = await searchParams;
  const wanted = onlyText(query).slice(0, 254);
  const { users, next } = await listUsers(actor, { query: wanted, after: onlyText(after).slice(0, 25) || null });
  return (
    <>
      <PageTitle>{t("users")}</PageTitle>
      <SearchForm address="/admin/users" name="query" label={t("searchUsers")} submit={t("search")} value={wanted} />
      <UserTable users={users} ownHandle={actor.handle} ban={banUser} unban={unbanUser} />
      {next && (
        <p>
          <Link
            href={{ pathname: "/admin/users", query: { query: wanted, after: next } }}
            className={buttonClass("quiet")}
          >
            {t("next")}
          </Link>
        </p>
      )}
    </>
  );
}
