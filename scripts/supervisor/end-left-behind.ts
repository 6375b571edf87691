import { setTimeout as wait } from "node:timers/promises";
import { isAlive, type KnownProcess } from "../lock-file";
import { sendSignal } from "../postgres/postmaster-pid";

const GRACE_MS = 5000;
const POLL_MS = 50;

/** Ends what a killed supervisor left running: SIGTERM, SIGKILL to those that are still there after 5 s. */
export async function endLeftBehind(processes: readonly KnownProcess[]): Promise<void> {
  const deadline = Date.now() + GRACE_MS;
  for (const { pid } of processes) sendSignal(pid, "SIGTERM");
  for (const known of processes) {
    while (await isAlive(known)) {
      if (Date.now() >= deadline) sendSignal(known.pid, "SIGKILL");
      await wait(POLL_MS);
    }
  }
}
