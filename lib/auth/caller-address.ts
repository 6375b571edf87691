import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

const flag = Symbol.for("livehouse.caller-address");
type Marked = { [flag]?: boolean };

/** What a proxy says of the request that reached it; believed from a configured proxy only. Next and next-auth read them. */
const proxyHeaders = ["x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"];

/**
 * Appends the socket's own address to X-Forwarded-For of every request that this process serves. Next 16 fills that header
 * only when the peer sent none (`base-server`: `??=`), so what a peer claims would otherwise be believed. The last entry
 * is ours afterwards; the one before it is what a proxy in front of us has seen. Without such a proxy the other X-Forwarded headers are dropped.
 */
export function ownCallerAddresses({ isBehindProxy }: { isBehindProxy: boolean }): void {
  const marked = globalThis as Marked;
  if (marked[flag]) return;
  marked[flag] = true;
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    const claimed = request.headers["x-forwarded-for"];
    const address = request.socket.remoteAddress ?? "";
    request.headers["x-forwarded-for"] = claimed ? `${claimed}, ${address}` : address;
    // Next hands an action over to another page by a request to itself, with the host that the first one came by.
    const isHandedOver = request.method === "POST" && "x-action-forwarded" in request.headers;
    if (!isBehindProxy && !isHandedOver) for (const name of proxyHeaders) delete request.headers[name];
  });
}

/** False where the header is still the peer's claim; addresses are unknown then. */
export function addressesAreOurs(): boolean {
  return (globalThis as Marked)[flag] === true;
}
