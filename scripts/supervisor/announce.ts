import { localHost } from "../addresses";
import type { FirstAdministrator } from "../first-administrator";
import type { Settings } from "../settings";

/** Prints where everything is, and how to become the first administrator. */
export function announce(settings: Settings, administrator: FirstAdministrator): void {
  const host = localHost(settings.HOST) === "127.0.0.1" ? "localhost" : localHost(settings.HOST);
  const portal = settings.PUBLIC_URL ?? `http://${host}:${settings.PORT}`;
  const rtmp = settings.PUBLIC_RTMP_URL ?? `rtmp://${host}:${settings.RTMP_PORT}/live`;
  const origin = settings.PUBLIC_HLS_URL ?? `http://${host}:${settings.MEDIA_PORT}`;
  const lines = [
    "",
    "Livehouse is ready.",
    `  Portal         ${portal}/`,
    `  Encoders       ${rtmp}  (stream keys are in the studio)`,
    `  HLS            ${origin}/live/HANDLE/index.m3u8`,
    ...administratorLines(portal, administrator),
    "  Ctrl-C stops everything.",
    "",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function administratorLines(portal: string, administrator: FirstAdministrator): string[] {
  switch (administrator.kind) {
    case "exists":
      return [];
    case "made":
      return [`  Administrator  ${administrator.email}, channel ${administrator.handle} (made from ADMIN_EMAIL)`];
    case "token":
      return [`  Set up         ${portal}/set-up#${administrator.token}  (makes the first administrator, once)`];
  }
}
