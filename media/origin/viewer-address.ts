import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { plainAddress } from "../address/remote-address";

/**
 * Whose request it is. The socket's address, as anybody may send X-Forwarded-For; only where every request comes through one proxy
 * (TRUSTED_PROXY) its last entry is believed, which that proxy has written. What is no address there counts as the proxy's own.
 */
export function viewerAddress(request: IncomingMessage, isProxied: boolean): string {
  const forwarded = isProxied ? request.headers["x-forwarded-for"] : undefined;
  const claimed = plainAddress(
    String(forwarded ?? "")
      .split(",")
      .at(-1)
      ?.trim(),
  );
  return isIP(claimed) ? claimed : plainAddress(request.socket.remoteAddress);
}
