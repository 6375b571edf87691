import { localHost } from "../addresses";
import type { FirstAdministrator } from "../first-administrator";
import type { Settings } from "../settings";

/** Prints where everything is, and how to become the first administrator. */
export function announce(settings: Settings, administrator: FirstAdministrator): void {
  const host = shownHost(settings);
  const rtmp = settings.PUBLIC_RTMP_URL ?? `rtmp://${host}:${settings.RTMP_PORT}/live`;
  const origin = settings.PUBLIC_HLS_URL ?? `http://${host}:${settings.MEDIA_PORT}`;
  process.stdout.write(`
Livehouse is ready.
  Portal         ${portalUrl(settings)}/
  Encoders       ${rtmp}  (stream keys are in the studio)
  HLS            ${origin}/live/HANDLE/index.m3u8
`);
  announceAdministrator(settings, administrator);
  process.stdout.write("  Ctrl-C stops everything.\n\n");
}

/** Prints how to become the first administrator, or who did just now. */
export function announceAdministrator(settings: Settings, administrator: FirstAdministrator): void {
  switch (administrator.kind) {
    case "exists":
      return;
    case "made": {
      const { email, handle } = administrator;
      process.stdout.write(`  Administrator  ${email}, channel ${handle} (made from ADMIN_EMAIL)\n`);
      return;
    }
    case "token": {
      const link = `${portalUrl(settings)}/set-up#${administrator.token}`;
      process.stdout.write(`  Set up         ${link}  (makes the first administrator, once)\n`);
    }
  }
}

function portalUrl(settings: Settings): string {
  return settings.PUBLIC_URL ?? `http://${shownHost(settings)}:${settings.PORT}`;
}

function shownHost({ HOST }: Settings): string {
  const host = localHost(HOST);
  return host === "127.0.0.1" ? "localhost" : host;
}
