import { setTimeout as wait } from "node:timers/promises";
import { isPortFree } from "../free-port";
import { PlainError } from "../plain-error";
import type { Settings } from "../settings";

const POLL_MS = 50;

/**
 * Looks at every port that Livehouse is going to listen on.
 * @param patienceMs how long a port may take to become free: after processes were ended that had it
 * @throws PlainError that names the first taken one and its setting
 */
export async function refuseTakenPorts(settings: Settings, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (const name of ["PORT", "MEDIA_PORT", "RTMP_PORT", "RTMPS_PORT", "MEDIA_CONTROL_PORT"] as const) {
    const port = settings[name];
    const host = name === "MEDIA_CONTROL_PORT" ? settings.MEDIA_CONTROL_HOST : settings.HOST;
    while (port && !(await isPortFree(port, host))) {
      if (Date.now() >= deadline) {
        throw new PlainError(
          `Port ${port} (${name}) cannot be used, another program has it or this user may not: stop that program or set ${name} to another port.`,
        );
      }
      await wait(POLL_MS);
    }
  }
}
