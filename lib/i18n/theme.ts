/** `system` follows the machine's own setting and is the one without a cookie. */
export const themes = ["system", "dark", "light"] as const;
export type Theme = (typeof themes)[number];

/** Remembers a theme that was chosen by hand. */
export const themeCookie = "theme";

export function isTheme(value: unknown): value is Theme {
  return themes.some((theme) => theme === value);
}
