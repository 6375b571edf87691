/** A search parameter that was given once; anything else is as if it was not given. */
export function onlyText(value: string | string[] | undefined): string {
  return typeof value === "string" ? value : "";
}
