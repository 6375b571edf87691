import { setTimeout as wait } from "node:timers/promises";
import { findPortFault } from "../free-port";
import { PlainError } from "../plain-error";
import type { Settings } from "../settings";

const POLL_MS = 50;

/**
 * Looks at every port that Livehouse is going to listen on.
 * @param patienceMs how long a port may take to become free: after processes were ended that had it
 * @throws PlainError that names the first one that cannot be used, why, and the setting to change
 */
export async function refuseTakenPorts(settings: Settings, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (const name of ["PORT", "MEDIA_PORT", "RTMP_PORT", "RTMPS_PORT", "MEDIA_CONTROL_PORT"] as const) {
    const port = settings[name];
    const hostName = name === "MEDIA_CONTROL_PORT" ? "MEDIA_CONTROL_HOST" : "HOST";
    if (port) await untilUsable({ name, port, hostName, host: settings[hostName] }, deadline);
  }
}

type Place = { name: string; port: number; hostName: string; host: string };

async function untilUsable(place: Place, deadline: number): Promise<void> {
  for (;;) {
    const fault = await findPortFault(place.port, place.host);
    if (!fault) return;
    if (fault !== "EADDRINUSE" || Date.now() >= deadline) throw new PlainError(describeFault(place, fault));
    await wait(POLL_MS);
  }
}

function describeFault({ name, port, hostName, host }: Place, fault: string): string {
  switch (fault) {
    case "EADDRINUSE":
      return `Port ${port} (${name}) cannot be used, another program has it: stop that program or set ${name} to another port.`;
    case "EACCES":
      return `Port ${port} (${name}) cannot be used, this user may not: set ${name} to a port above 1023.`;
    default:
      return `${hostName} must be an address of this machine, but is "${host}" (${fault}): leave it unset unless you need another.`;
  }
}
