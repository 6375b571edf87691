import { describeClockDifference } from "@/lib/media-contract/clock-difference";
import { SIGNATURE_HEADER, signCall } from "@/lib/media-contract/signature";

/**
 * `answered`: HTTP 200 with JSON of whatever form. `failed`: everything else; `isFinal` when asking the same again cannot
 * help, `isRefused` when the portal does not take this process for its media (secret, clock).
 */
export type CallOutcome =
  | { kind: "answered"; json: unknown }
  | { kind: "failed"; detail: string; isFinal: boolean; isRefused: boolean };

export type SignedCaller = (path: string, body: unknown, timeoutMs: number) => Promise<CallOutcome>;

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** Refused for what the call says, not for when or by whom it was made. */
const finalStatuses = new Set([400, 404, 405, 410, 413, 415, 422]);

/**
 * Makes signed POST calls to the portal (`lib/media-contract/signature.ts`). Never throws and never takes longer than the timeout, the answer's body included.
 * Connections are kept alive by Node's `fetch`.
 * @param signal ends calls under way
 */
export function createSignedCaller(portalUrl: string, secret: string, signal: AbortSignal): SignedCaller {
  return async (path, body, timeoutMs) => {
    const url = new URL(path, portalUrl);
    const text = JSON.stringify(body);
    const call = { method: "POST", path: url.pathname, body: text };
    // Not AbortSignal.any with AbortSignal.timeout: Node 20 collects the timeout as garbage, and the call then never ends.
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(new Error("no answer in time")), timeoutMs);
    const stop = () => deadline.abort(new Error("closing"));
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", [SIGNATURE_HEADER]: signCall(secret, call, Date.now()) },
        body: text,
        redirect: "error",
        signal: deadline.signal,
      });
      const answer = await readBounded(response);
      if (response.status !== 200) {
        return failed(response, answer);
      }
      return { kind: "answered", json: JSON.parse(answer) };
    } catch (error) {
      return { kind: "failed", detail: faultOf(error), isFinal: false, isRefused: false };
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    }
  };
}

function failed({ status, headers }: Response, answer: string): CallOutcome {
  const isStale = status === 401 && answer.includes('"signature-stale"');
  const why = isStale ? `: ${describeClockDifference(headers.get("date"), Date.now())}` : "";
  return {
    kind: "failed",
    detail: `HTTP ${status}${why}`,
    isFinal: finalStatuses.has(status),
    isRefused: status === 401,
  };
}

async function readBounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const part of response.body ?? []) {
    sizeBytes += part.length;
    if (sizeBytes > MAX_ANSWER_BYTES) throw new Error("the answer is too long");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** `fetch failed` says nothing; its cause has the system's code. */
function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown fault";
  const { cause } = error;
  if (cause instanceof Error) return "code" in cause ? String(cause.code) : cause.message;
  return error.message;
}
