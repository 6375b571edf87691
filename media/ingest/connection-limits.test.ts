import { describe, expect, it } from "vitest";
import { ConnectionLimits } from "./connection-limits";

describe("ConnectionLimits", () => {
  it("refuses beyond the limit in all, and lets in again what has left, counted once", () => {
    const limits = new ConnectionLimits({ maxConnections: 2, maxConnectionsPerAddress: 2 });
    const first = limits.enter("192.0.2.1");
    limits.enter("192.0.2.2");
    expect(limits.enter("192.0.2.3")).toEqual({ kind: "refused", reason: "too-many-connections" });
    if (first.kind === "entered") {
      first.leave();
      first.leave();
    }
    expect(limits.enter("192.0.2.3").kind).toBe("entered");
    expect(limits.enter("192.0.2.4").kind).toBe("refused");
  });

  it("counts per address, a /64 of IPv6 as one", () => {
    const limits = new ConnectionLimits({ maxConnections: 100, maxConnectionsPerAddress: 1 });
    const kinds = ["192.0.2.1", "192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:0:1::", "2001:db8:0:1::"];
    expect(kinds.map((address) => limits.enter(address).kind)).toEqual([
      "entered",
      "refused",
      "entered",
      "entered",
      "refused",
      "entered",
    ]);
  });
});
