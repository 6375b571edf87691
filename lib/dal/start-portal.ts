import "server-only";
import { ownCallerAddresses } from "@/lib/auth/caller-address";
import { env } from "@/lib/env";
import { endEventStreams } from "./live/event-stream";
import { closeLiveEvents } from "./live/live-events";
import { startSweeping, stopSweeping } from "./publish/start-sweeping";

/** What a portal process does besides answering: it knows its callers' addresses, sweeps, and lets go when told to stop. */
export function startPortal(): void {
  // A wrong setting stops the process here, named, before anybody is served.
  const { TRUSTED_PROXY } = env();
  ownCallerAddresses({ isBehindProxy: TRUSTED_PROXY });
  startSweeping();
  const stop = () => {
    stopSweeping();
    endEventStreams();
    void closeLiveEvents();
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}
