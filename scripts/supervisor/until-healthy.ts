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
    const patience = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
    const isHealthy = await fetch(address, { signal: patience }).then(
      async (response) => {
        await response.body?.cancel();
        return response.ok;
      },
      () => false,
    );
    if (isHealthy) return true;
    await wait(POLL_MS);
  }
  return false;
}
