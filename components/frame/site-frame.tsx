import { cookies } from "next/headers";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { isTheme, themeCookie } from "@/lib/i18n/theme";
import { DisplaySettings } from "./display-settings";
import { SiteHeader, type Viewer } from "./site-header";

type SiteFrameProps = { viewer: Viewer | null; signOut?: () => Promise<unknown>; children: ReactNode };

/** What stands around every page: skip link, header, main, footer. */
export async function SiteFrame({ viewer, signOut, children }: SiteFrameProps) {
  const t = await getTranslations("site");
  const theme = (await cookies()).get(themeCookie)?.value;
  return (
    <div className="footlights flex min-h-dvh flex-col bg-no-repeat">
      <a
        href="#content"
        className="fixed top-3 left-3 z-50 -translate-y-24 rounded-full bg-button px-5 py-3 font-semibold text-on-button focus:translate-y-0"
      >
        {t("skip")}
      </a>
      <SiteHeader viewer={viewer} signOut={signOut} />
      <main id="content" tabIndex={-1} className="flex grow flex-col outline-none">
        {children}
      </main>
      <footer className="gutter mt-20 flex flex-wrap items-center justify-between gap-x-8 gap-y-4 py-8 text-sm text-faint">
        <p>{t("closed")}</p>
        <DisplaySettings theme={isTheme(theme) ? theme : "system"} />
      </footer>
    </div>
  );
}
