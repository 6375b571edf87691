import Link from "next/link";
import { useTranslations } from "next-intl";
import { buttonClass } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { SignOutButton } from "./sign-out-button";
import { Wordmark } from "./wordmark";

/** Who looks at the page, when signed in. */
export type Viewer = { handle: string; isAdministrator: boolean };

const linkClass = buttonClass("bare", "small");

export function SiteHeader({ viewer, signOut }: { viewer: Viewer | null; signOut?: () => Promise<unknown> }) {
  const t = useTranslations("site");
  return (
    <header className="gutter flex min-h-16 flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
      <Link href="/" aria-label={t("home")} className="py-2">
        <Wordmark />
      </Link>
      <nav
        aria-label={t("main")}
        className={classNames("flex flex-wrap items-center gap-1", viewer && "-mx-4 sm:ml-0")}
      >
        {viewer ? (
          <>
            <Link href="/studio" className={linkClass}>
              {t("studio")}
            </Link>
            {viewer.isAdministrator && (
              <Link href="/admin" className={linkClass}>
                {t("admin")}
              </Link>
            )}
            <Link href="/studio/account" className={linkClass}>
              {t("account")}
            </Link>
            {signOut && <SignOutButton signOut={signOut} />}
          </>
        ) : (
          <>
            <Link href="/sign-in" className={linkClass}>
              {t("signIn")}
            </Link>
            <Link href="/sign-up" className={classNames(buttonClass("lit", "small"), "ml-1")}>
              {t("signUp")}
            </Link>
          </>
        )}
      </nav>
    </header>
  );
}
