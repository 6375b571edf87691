import { cookies, headers } from "next/headers";
import { isLanguage, type Language, languageCookie, negotiateLanguage } from "./languages";

/** The language chosen by hand, else the browser's. */
export async function currentLanguage(): Promise<Language> {
  const chosen = (await cookies()).get(languageCookie)?.value;
  return isLanguage(chosen) ? chosen : negotiateLanguage((await headers()).get("accept-language"));
}
