import { portalAddress } from "./addresses";
import type { CompleteSettings } from "./complete-settings";

type Environment = Record<string, string>;

/** What the portal process gets on top of the inherited environment (which lib/env.ts validates again). */
export function portalEnvironment(settings: CompleteSettings, databaseUrl: string): Environment {
  return {
    ...given(settings, ["HOST", "PORT", "MEDIA_PORT", "RTMP_PORT", "PUBLIC_URL", "PUBLIC_HLS_URL", "PUBLIC_RTMP_URL"]),
    ...given(settings, ["AUTH_SECRET", "MEDIA_SECRET", "KEY_SECRET"]),
    ...given(settings, ["DATA_DIR", "LOG_LEVEL", "TRUSTED_PROXY", "FFMPEG_PATH"]),
    DATABASE_URL: databaseUrl,
    MEDIA_CONTROL_URL: settings.MEDIA_CONTROL_URL ?? `http://127.0.0.1:${settings.MEDIA_CONTROL_PORT}`,
    NEXT_TELEMETRY_DISABLED: "1",
    CHECKPOINT_DISABLE: "1",
  };
}

/** What the media process gets: nothing of the database, of sessions or of stream keys. */
export function mediaEnvironment(settings: CompleteSettings): Environment {
  return {
    ...given(settings, ["HOST", "MEDIA_PORT", "MEDIA_CONTROL_PORT", "MEDIA_CONTROL_HOST", "RTMP_PORT", "RTMPS_PORT"]),
    ...given(settings, ["TLS_CERT", "TLS_KEY", "MEDIA_SECRET", "DATA_DIR", "LOG_LEVEL", "FFMPEG_PATH"]),
    ...given(settings, ["PART_TARGET_MS", "SEGMENT_SECONDS", "WINDOW_SECONDS", "WINDOW_MEGABYTES"]),
    ...given(settings, ["MAX_PUBLISH_KBPS", "MAX_WAITING_PER_ADDRESS", "TRUSTED_PROXY"]),
    PORTAL_URL: settings.PORTAL_URL ?? portalAddress(settings),
  };
}

/** Names that media must not inherit, even where the administrator's own environment has them. */
export const PORTAL_ONLY = ["DATABASE_URL", "AUTH_SECRET", "KEY_SECRET", "ADMIN_EMAIL", "ADMIN_PASSWORD"] as const;

function given(settings: CompleteSettings, names: readonly (keyof CompleteSettings)[]): Environment {
  const entries = names.map((name) => [name, settings[name]] as const);
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
}
