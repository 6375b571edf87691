import { addressGroup } from "./remote-address";

export type Place = { kind: "entered"; leave(): void } | { kind: "refused"; bound: "all" | "address" };

/**
 * Counts what is open now, in all and per address (an IPv6 /64 as one), and refuses beyond either bound.
 * Holds one number for each address that has anything open.
 */
export class AddressLimits {
  private readonly perAddress = new Map<string, number>();
  private count = 0;

  constructor(private readonly bounds: { inAll: number; perAddress: number }) {}

  get total(): number {
    return this.count;
  }

  /** What has entered leaves once, however often `leave` is called. */
  enter(address: string): Place {
    if (this.count >= this.bounds.inAll) return { kind: "refused", bound: "all" };
    const group = addressGroup(address);
    const own = this.perAddress.get(group) ?? 0;
    if (own >= this.bounds.perAddress) return { kind: "refused", bound: "address" };
    this.count++;
    this.perAddress.set(group, own + 1);
    let isInside = true;
    const leave = () => {
      if (isInside) this.leave(group);
      isInside = false;
    };
    return { kind: "entered", leave };
  }

  private leave(group: string): void {
    this.count--;
    const own = (this.perAddress.get(group) ?? 1) - 1;
    if (own > 0) this.perAddress.set(group, own);
    else this.perAddress.delete(group);
  }
}
