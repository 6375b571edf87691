import { AddressLimits } from "../address/address-limits";
import type { IngestLimits } from "./ingest-config";

export type Entry =
  | { kind: "entered"; leave(): void }
  | { kind: "refused"; reason: "too-many-connections" | "too-many-connections-from-address" };

/** Counts open connections, in all and per address. */
export class ConnectionLimits {
  private readonly places: AddressLimits;

  constructor(limits: Pick<IngestLimits, "maxConnections" | "maxConnectionsPerAddress">) {
    this.places = new AddressLimits({ inAll: limits.maxConnections, perAddress: limits.maxConnectionsPerAddress });
  }

  enter(address: string): Entry {
    const place = this.places.enter(address);
    if (place.kind === "entered") return place;
    const isFull = place.bound === "all";
    return { kind: "refused", reason: isFull ? "too-many-connections" : "too-many-connections-from-address" };
  }
}
