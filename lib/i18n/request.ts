import { getRequestConfig } from "next-intl/server";
import { currentLanguage } from "./current-language";
import en from "./messages/en.json";
import ko from "./messages/ko.json";

const messages = { en, ko };

/** What next-intl asks once a request. Dates are formatted in UTC on the server; pages show them relative, or in the browser's zone. */
export default getRequestConfig(async () => {
  const locale = await currentLanguage();
  return { locale, messages: messages[locale], timeZone: "UTC", now: new Date() };
});
