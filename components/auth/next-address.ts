/** An address of this site to go to after signing in; anything else, such as `//evil.example`, becomes the fallback. */
export function nextAddress(wanted: unknown, fallback: string): string {
  if (typeof wanted !== "string" || !wanted.startsWith("/")) return fallback;
  const origin = "http://this.site";
  const url = URL.parse(wanted, origin);
  if (url?.origin !== origin) return fallback;
  const address = url.pathname + url.search;
  // `/.//evil.example` is a path here and becomes another site's address once it is read again.
  return address.startsWith("//") ? fallback : address;
}
