import { getTranslations } from "next-intl/server";
import { LiveSessionTable } from "@/components/admin/live-session-table";
import { PageTitle } from "@/components/ui/page-title";
import { listLiveSessions } from "@/lib/dal/live/list-live-sessions";
import { signedInAdministrator } from "../../signed-in";
import { endLiveSession } from "./actions";

export default async function LiveSessionsPage() {
  const t = await getTranslations("admin");
  const actor = await signedInAdministrator("/admin");
  return (
    <>
      <PageTitle>{t("live")}</PageTitle>
      <LiveSessionTable sessions={await listLiveSessions(actor)} end={endLiveSession} />
    </>
  );
}
