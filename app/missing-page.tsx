import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { MessagePage } from "@/components/home/message-page";
import { buttonClass } from "@/components/ui/button";

/** What stands inside the frame where an address leads nowhere. */
export default async function MissingPage() {
  const t = await getTranslations("notFound");
  return (
    <MessagePage title={t("title")} text={t("text")}>
      <Link href="/" className={buttonClass()}>
        {t("back")}
      </Link>
    </MessagePage>
  );
}
