import "server-only";
import { isAppError } from "@/lib/app-error";
import { systemActor } from "@/lib/auth/actor";
import { log } from "@/lib/log";
import { ClockWatch } from "./clock-watch";
import { sweepStaleSessions } from "./sweep-stale-sessions";

const EVERY_MS = 10_000;

const holder = globalThis as { livehouseSweep?: NodeJS.Timeout };

/** Ends stale live sessions now and every 10 s, once a process. Safe beside other portal processes. */
export function startSweeping(): void {
  if (holder.livehouseSweep) return;
  const clock = new ClockWatch();
  let isRunning = false;
  const sweep = async () => {
    if (isRunning) return;
    isRunning = true;
    try {
      await sweepStaleSessions(systemActor, clock);
    } catch (error) {
      if (!isAppError(error, "database-unavailable")) log().error({ err: error }, "sweeping live sessions failed");
    }
    isRunning = false;
  };
  holder.livehouseSweep = setInterval(() => void sweep(), EVERY_MS);
  holder.livehouseSweep.unref();
  void sweep();
}

export function stopSweeping(): void {
  clearInterval(holder.livehouseSweep);
  delete holder.livehouseSweep;
}
