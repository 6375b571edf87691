import { getTranslations } from "next-intl/server";
import { EmptyHouse } from "@/components/home/empty-house";
import { LiveChannels } from "@/components/home/live-channels";
import { currentActor } from "@/lib/auth/current-actor";
import { listLive } from "@/lib/dal/live/list-live";

export default async function HomePage() {
  const t = await getTranslations();
  const actor = await currentActor();
  const isVisitor = actor.kind === "visitor";
  return (
    <LiveChannels
      rendered={await listLive(actor)}
      empty={
        <EmptyHouse
          title={t("home.empty")}
          text={t("home.emptyText")}
          invitation={t(isVisitor ? "home.emptyVisitor" : "home.emptyUser")}
          links={
            isVisitor
              ? [
                  { href: "/sign-up", text: t("site.signUp") },
                  { href: "/sign-in", text: t("site.signIn") },
                ]
              : [{ href: "/studio", text: t("home.openStudio") }]
          }
        />
      }
    />
  );
}
