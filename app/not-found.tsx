import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { MessagePage } from "@/components/home/message-page";
import { buttonClass } from "@/components/ui/button";
import Framed from "./framed";

export default async function NotFound() {
  const t = await getTranslations("notFound");
  return (
    <Framed>
      <MessagePage title={t("title")} text={t("text")}>
        <Link href="/" className={buttonClass()}>
          {t("back")}
        </Link>
      </MessagePage>
    </Framed>
  );
}
