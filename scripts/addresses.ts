import type { Settings } from "./settings";

const ANY_ADDRESS = new Set(["0.0.0.0", "::", "[::]"]);

/** The address under which this machine itself reaches what listens on HOST. */
export function localHost(host: string): string {
  if (ANY_ADDRESS.has(host)) return "127.0.0.1";
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

/** Where this machine reaches the portal, without a trailing slash. */
export function portalAddress(settings: Pick<Settings, "HOST" | "PORT">): string {
  return `http://${localHost(settings.HOST)}:${settings.PORT}`;
}

/** Where this machine reaches the HLS origin, without a trailing slash. */
export function originAddress(settings: Pick<Settings, "HOST" | "MEDIA_PORT">): string {
  return `http://${localHost(settings.HOST)}:${settings.MEDIA_PORT}`;
}

/** Where this machine reaches media's private API, without a trailing slash. */
export function controlAddress(settings: Pick<Settings, "MEDIA_CONTROL_HOST" | "MEDIA_CONTROL_PORT">): string {
  return `http://${localHost(settings.MEDIA_CONTROL_HOST)}:${settings.MEDIA_CONTROL_PORT}`;
}
