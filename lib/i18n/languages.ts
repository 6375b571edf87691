/** The languages of the portal; the first is the one for everybody else. */
export const languages = ["en", "ko"] as const;
export type Language = (typeof languages)[number];

/** Remembers a language that was chosen by hand. */
export const languageCookie = "language";

/** How each language calls itself. */
export const languageNames: Record<Language, string> = { en: "English", ko: "한국어" };

export function isLanguage(value: unknown): value is Language {
  return languages.some((language) => language === value);
}

/**
 * The first of ours that the browser accepts (RFC 9110 section 12.5.4: quality 0 means "not acceptable").
 *
 * @param header the Accept-Language header, null when there is none
 */
export function negotiateLanguage(header: string | null): Language {
  const wishes = (header ?? "")
    .slice(0, 1000)
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
      return { language: tag.split("-")[0], quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality);
  const match = wishes.find(({ language }) => isLanguage(language))?.language;
  return isLanguage(match) ? match : languages[0];
}
