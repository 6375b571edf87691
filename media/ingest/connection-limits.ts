import type { IngestLimits } from "./ingest-config";
import { addressGroup } from "./remote-address";

export type Entry =
  | { kind: "entered"; leave(): void }
  | { kind: "refused"; reason: "too-many-connections" | "too-many-connections-from-address" };

/** Counts open connections, in all and per address. Holds one number for each address that is connected now. */
export class ConnectionLimits {
  private readonly perAddress = new Map<string, number>();
  private total = 0;

  constructor(private readonly limits: Pick<IngestLimits, "maxConnections" | "maxConnectionsPerAddress">) {}

  enter(address: string): Entry {
    const group = addressGroup(address);
    const count = this.perAddress.get(group) ?? 0;
    if (this.total >= this.limits.maxConnections) return { kind: "refused", reason: "too-many-connections" };
    if (count >= this.limits.maxConnectionsPerAddress) {
      return { kind: "refused", reason: "too-many-connections-from-address" };
    }
    this.total++;
    this.perAddress.set(group, count + 1);
    let isInside = true;
    const leave = () => {
      if (isInside) this.leave(group);
      isInside = false;
    };
    return { kind: "entered", leave };
  }

  private leave(group: string): void {
    this.total--;
    const count = (this.perAddress.get(group) ?? 1) - 1;
    if (count > 0) this.perAddress.set(group, count);
    else this.perAddress.delete(group);
  }
}
