import { MEDIA_BUNDLE } from "../build";
import type { CompleteSettings } from "../complete-settings";
import { mediaEnvironment, PORTAL_ONLY, portalEnvironment } from "../process-environment";
import { PROJECT_ROOT } from "../project-root";
import { prefixedLog } from "./prefixed-log";
import type { ProcessPlan } from "./supervised-process";

const STOP_WITH_PARENT = ["--import", new URL("../stop-with-parent.mjs", import.meta.url).href];
const NEXT = `${PROJECT_ROOT}/node_modules/next/dist/bin/next`;
const TSX = `${PROJECT_ROOT}/node_modules/tsx/dist/cli.mjs`;

/**
 * Media's garbage is buffers, and its heap small: from V8's small first limit it collects the whole heap three times in
 * two seconds with thirty publishers.
 */
const MEDIA_HEAP = "--initial-heap-size=128";

type Plan = Omit<ProcessPlan, "onSpawn">;

/** The portal: Next's own server, of the production build or with reload. */
export function planPortal(settings: CompleteSettings, databaseUrl: string, isDev: boolean): Plan {
  const { HOST, PORT } = settings;
  return {
    name: "portal",
    args: [...STOP_WITH_PARENT, NEXT, isDev ? "dev" : "start", "--hostname", HOST, "--port", String(PORT)],
    environment: {
      ...process.env,
      ...portalEnvironment(settings, databaseUrl),
      NODE_ENV: isDev ? "development" : "production",
    },
    onLine: prefixedLog("portal"),
  };
}

/** Media: its bundle, or its sources with reload. */
export function planMedia(settings: CompleteSettings, isDev: boolean): Plan {
  const inherited = Object.entries(process.env).filter(([name]) => !PORTAL_ONLY.some((hidden) => hidden === name));
  return {
    name: "media",
    args: isDev
      ? [...STOP_WITH_PARENT, TSX, "watch", "--clear-screen=false", "media/main.ts"]
      : [...STOP_WITH_PARENT, MEDIA_HEAP, "--enable-source-maps", MEDIA_BUNDLE],
    environment: {
      ...Object.fromEntries(inherited),
      ...mediaEnvironment(settings),
      NODE_ENV: isDev ? "development" : "production",
    },
    onLine: prefixedLog("media"),
  };
}
