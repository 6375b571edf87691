import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { viewerAddress } from "./viewer-address";

const request = (forwarded: string | undefined, remoteAddress = "::ffff:192.0.2.9") =>
  ({ headers: { "x-forwarded-for": forwarded }, socket: { remoteAddress } }) as unknown as IncomingMessage;

test("whoever comes directly is known by the socket alone, whatever the header says", () => {
  expect(viewerAddress(request("203.0.113.1"), false)).toBe("192.0.2.9");
});

test.each([
  ["203.0.113.1", "203.0.113.1"],
  ["198.51.100.1, 203.0.113.1", "203.0.113.1"],
  ["::ffff:203.0.113.1", "203.0.113.1"],
  ["2001:db8::1", "2001:db8::1"],
  ["203.0.113.1, ", "192.0.2.9"],
  ["unknown", "192.0.2.9"],
  ["a".repeat(8_000), "192.0.2.9"],
  [undefined, "192.0.2.9"],
])("behind a proxy %s means %s", (forwarded, address) => {
  expect(viewerAddress(request(forwarded), true)).toBe(address);
});
