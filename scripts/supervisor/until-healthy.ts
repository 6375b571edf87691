import { get } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

const POLL_MS = 50;
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Waits until the address answers 200.
 * @param signal gives up when it is aborted
 * @returns false when `timeoutMs` has passed or the signal was aborted
 */
export async function untilHealthy(address: string, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline && !signal.aborted) {
    if (await isHealthy(address, AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]))) return true;
    await wait(POLL_MS);
  }
  return false;
}

/** Without an agent, because a connection that is kept open holds up the server's stop. */
function isHealthy(address: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    get(address, { agent: false, signal }, (response) => {
      response.resume();
      response.on("error", () => resolve(false));
      response.on("close", () => resolve(response.statusCode === 200));
    }).on("error", () => resolve(false));
  });
}
