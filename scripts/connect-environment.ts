import { existsSync } from "node:fs";
import { originAddress, portalAddress } from "./addresses";
import { completeSettings } from "./complete-settings";
import { databaseUrlOf } from "./database-url";
import { PlainError } from "./plain-error";
import { portalEnvironment } from "./process-environment";
import { readSettings } from "./settings";

export const NOT_RUNNING = "Livehouse is not running: start it with npm start";

/** Where this machine reaches the running Livehouse, without trailing slashes. */
export type ConnectedLivehouse = { portalUrl: string; hlsUrl: string; rtmpUrl: string };

/**
 * Gives this process the environment of the portal of the running Livehouse, so that it may call `lib/dal` (import it only
 * afterwards). The portal's log is silenced here: standard output is for answers.
 *
 * @throws PlainError when its database does not run, or a setting is wrong
 */
export async function connectEnvironment(): Promise<ConnectedLivehouse> {
  const settings = readSettings();
  if (!settings.DATABASE_URL && !existsSync(settings.DATA_DIR)) throw new PlainError(NOT_RUNNING);
  const database = await databaseUrlOf(settings);
  if (database.kind === "not-running") throw new PlainError(NOT_RUNNING);
  const environment = portalEnvironment(await completeSettings(settings), database.url);
  Object.assign(process.env, environment, { LOG_LEVEL: "silent" });
  const portalUrl = portalAddress(settings);
  const rtmpHost = new URL(portalUrl).hostname;
  return {
    portalUrl,
    hlsUrl: originAddress(settings),
    rtmpUrl: `rtmp://${rtmpHost}:${settings.RTMP_PORT}/live`,
  };
}
