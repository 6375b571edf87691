import { describe, expect, it } from "vitest";
import { addressGroup, plainAddress } from "./remote-address";

describe("plainAddress", () => {
  it.each([
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["192.0.2.1", "192.0.2.1"],
    ["2001:db8::1", "2001:db8::1"],
    [undefined, "unknown"],
  ])("writes %s as %s", (address, plain) => {
    expect(plainAddress(address)).toBe(plain);
  });
});

describe("addressGroup", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::1", "0:0:0:0::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["2001:0db8:0001:0002:3:4:5:6", "2001:db8:1:2::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ])("counts %s under %s", (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });
});
