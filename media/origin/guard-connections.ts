import type { Server } from "node:http";
import type { Socket } from "node:net";
import { AddressLimits } from "../address/address-limits";
import { plainAddress } from "../address/remote-address";
import type { OriginBounds } from "./origin-bounds";
import type { OriginRefusals } from "./origin-refusals";
import { SlowReaders } from "./slow-readers";

/** Bounds a server's connections, in all and per address, and cuts those whose viewers do not read. @returns how many are open */
export function guardConnections(server: Server, bounds: OriginBounds, refusals: OriginRefusals): () => number {
  const { maxConnections, maxConnectionsPerAddress, patienceMs, isProxied } = bounds;
  const perAddress = isProxied ? maxConnections : maxConnectionsPerAddress;
  const places = new AddressLimits({ inAll: maxConnections, perAddress });
  const slowReaders = new SlowReaders(patienceMs, (socket) => {
    refusals.note("slow-reader", plainAddress(socket.remoteAddress));
    socket.destroy();
  });
  server.on("connection", (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress);
    const place = places.enter(address);
    if (place.kind === "refused") {
      refusals.note(place.bound === "all" ? "too-many-connections" : "too-many-connections-from-address", address);
      socket.destroy();
      return;
    }
    socket.once("close", place.leave);
    slowReaders.watch(socket);
  });
  server.once("close", () => slowReaders.stop());
  return () => places.total;
}
