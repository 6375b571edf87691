type Incoming = { method: string; headers: { get(name: string): string | null } };

const harmless = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * True for a request that could change something and does not come from a page of ours. Browsers put Origin on every such
 * request (Fetch, 3.2), so one without it is refused as well. `publicUrl`: PUBLIC_URL, where a proxy may change Host.
 */
export function isForeignWrite({ method, headers }: Incoming, publicUrl: string | undefined): boolean {
  if (harmless.has(method)) return false;
  const origin = originOf(headers.get("origin"));
  if (!origin) return true;
  if (publicUrl && origin.origin === new URL(publicUrl).origin) return false;
  const host = headers.get("host")?.toLowerCase();
  return !host || origin.host !== withoutDefaultPort(host, origin.protocol);
}

function originOf(value: string | null): URL | null {
  const url = value ? URL.parse(value) : null;
  return url && /^https?:$/.test(url.protocol) ? url : null;
}

function withoutDefaultPort(host: string, protocol: string): string {
  return host.replace(protocol === "https:" ? /:443$/ : /:80$/, "");
}
