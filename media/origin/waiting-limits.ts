import type { IncomingMessage } from "node:http";
import { AddressLimits } from "../address/address-limits";
import type { OriginBounds } from "./origin-bounds";
import type { OriginRefusals } from "./origin-refusals";
import { viewerAddress } from "./viewer-address";

/** `error` is for the viewer. */
export type WaitingPlace = { kind: "entered"; leave(): void } | { kind: "refused"; error: string };

/** Bounds the requests that are held, in all and for each viewer's address. Asked only for those that have to wait. */
export class WaitingLimits {
  private readonly places: AddressLimits;
  private readonly isProxied: boolean;

  constructor(
    bounds: OriginBounds,
    private readonly refusals: OriginRefusals,
  ) {
    this.places = new AddressLimits({ inAll: bounds.maxWaiting, perAddress: bounds.maxWaitingPerAddress });
    this.isProxied = bounds.isProxied;
  }

  get waiting(): number {
    return this.places.total;
  }

  enter(request: IncomingMessage): WaitingPlace {
    const address = viewerAddress(request, this.isProxied);
    const place = this.places.enter(address);
    if (place.kind === "entered") return place;
    const isFull = place.bound === "all";
    this.refusals.note(isFull ? "too-many-waiting" : "too-many-waiting-from-address", address);
    return {
      kind: "refused",
      error: isFull ? "too many requests are waiting" : "too many requests are waiting from your address",
    };
  }
}
