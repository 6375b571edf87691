import "server-only";
import { env } from "@/lib/env";
import type { Caller } from "./actor";
import { addressesAreOurs } from "./caller-address";

const hostPattern = /^(?:\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::\d{1,5})?$/i;

type Headers = { get(name: string): string | null };

/** Where a request comes from and by which name it reached us. */
export function callerOf(headers: Headers): Caller {
  return { address: addressOf(headers), hostName: hostNameOf(headers) };
}

// Next keeps an X-Forwarded-For that the peer sent, so it counts only after caller-address.ts has put the socket's address at its end.
function addressOf(headers: Headers): string | null {
  if (!addressesAreOurs()) return null;
  const hops = headers.get("x-forwarded-for")?.split(",") ?? [];
  const hop = env().TRUSTED_PROXY ? (hops.at(-2) ?? hops.at(-1)) : hops.at(-1);
  return (
    hop
      ?.trim()
      .replace(/^::ffff:(?=\d+\.)/, "")
      .slice(0, 64) || null
  );
}

function hostNameOf(headers: Headers): string {
  const host = (env().TRUSTED_PROXY ? headers.get("x-forwarded-host") : null) ?? headers.get("host") ?? "";
  return hostPattern.test(host) ? host.replace(/:\d+$/, "") : "localhost";
}
