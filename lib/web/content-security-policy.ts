export type PagePolicy = {
  /** Random for each answer; Next puts it on every script of its own. */
  nonce: string;
  /** Where playlists and media come from, as a CSP source. */
  hlsSource: string;
  mayBeFramed: boolean;
  /** The dev server evaluates code and puts styles into the page. */
  isDev: boolean;
};

/**
 * The Content-Security-Policy of a page: nothing but our own files, scripts with this answer's nonce, and the HLS origin.
 * `blob:` is for Media Source and for hls.js's worker. `/embed` alone may stand in other sites' frames (CSP Level 3, 6.4.2).
 */
export function contentSecurityPolicy({ nonce, hlsSource, mayBeFramed, isDev }: PagePolicy): string {
  const directives: Record<string, string[]> = {
    "default-src": ["'none'"],
    "script-src": ["'self'", `'nonce-${nonce}'`, ...(isDev ? ["'unsafe-eval'"] : [])],
    "style-src": ["'self'", ...(isDev ? ["'unsafe-inline'"] : [])],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'", ...(isDev ? ["data:"] : [])],
    "connect-src": ["'self'", hlsSource, ...(isDev ? ["ws:"] : [])],
    "media-src": ["'self'", "blob:", hlsSource],
    "worker-src": ["'self'", "blob:"],
    "manifest-src": ["'self'"],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
    "form-action": ["'self'"],
    // Left out for /embed: `*` would still keep out applications that show a page of no network scheme.
    ...(mayBeFramed ? {} : { "frame-ancestors": ["'self'"] }),
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(" ")}`)
    .join("; ");
}

/** A policy's source for this origin. CSP has no way to write an IPv6 address, so there it is any host of the scheme. */
export function cspSource(origin: string): string {
  const { hostname, protocol, origin: normalized } = new URL(origin);
  return hostname.startsWith("[") ? protocol : normalized;
}
