import "server-only";
import { setTimeout as delay } from "node:timers/promises";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { describeClockDifference } from "@/lib/media-contract/clock-difference";
import {
  type DisconnectAnswer,
  type DisconnectRequest,
  disconnectAnswerSchema,
} from "@/lib/media-contract/control-calls";
import { SIGNATURE_HEADER, signCall } from "@/lib/media-contract/signature";

const ATTEMPT_TIMEOUT_MS = 250;
const PAUSE_MS = 50;
const TOTAL_MS = 2_000;

export type DisconnectOutcome = DisconnectAnswer | { kind: "unreachable" };

/** Asks media to cut a live session's publisher now; tries again for 2 s. Never throws: the database has the truth already. */
export async function disconnectPublisher(request: DisconnectRequest): Promise<DisconnectOutcome> {
  const deadline = performance.now() + TOTAL_MS;
  for (;;) {
    try {
      return await callOnce(request);
    } catch (error) {
      if (performance.now() + ATTEMPT_TIMEOUT_MS + PAUSE_MS > deadline) {
        log().warn({ err: error, liveSessionId: request.liveSessionId }, "media could not be told to disconnect");
        return { kind: "unreachable" };
      }
    }
    await delay(PAUSE_MS);
  }
}

// Signed anew for each attempt: media obeys no call twice.
async function callOnce(request: DisconnectRequest): Promise<DisconnectAnswer> {
  const url = new URL("/disconnect", env().MEDIA_CONTROL_URL);
  const body = JSON.stringify(request);
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      [SIGNATURE_HEADER]: signCall(env().MEDIA_SECRET, { method: "POST", path: url.pathname, body }, Date.now()),
    },
    cache: "no-store",
    redirect: "error",
    signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`media answered ${response.status}${await whyRefused(response)}`);
  return disconnectAnswerSchema.parse(await response.json());
}

async function whyRefused(response: Response): Promise<string> {
  if (response.status !== 401 || !(await response.text()).includes('"stale"')) return "";
  return `: ${describeClockDifference(response.headers.get("date"), Date.now())}`;
}
