/** An address of this site to go to after signing in; anything else, such as `//evil.example`, becomes the fallback. */
export function nextAddress(wanted: unknown, fallback: string): string {
  if (typeof wanted !== "string" || !wanted.startsWith("/")) return fallback;
  const origin = "http://this.site";
  const url = URL.parse(wanted, origin);
  return url?.origin === origin ? url.pathname + url.search : fallback;
}
