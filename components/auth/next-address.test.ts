import { expect, it } from "vitest";
import { nextAddress } from "./next-address";

it.each([
  ["/studio", "/studio"],
  ["/admin/users?query=mina", "/admin/users?query=mina"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["/\t/evil.example", "/"],
  ["https://evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["", "/"],
  [["/studio"], "/"],
  [undefined, "/"],
])("after signing in, %j leads to %s", (wanted, address) => {
  expect(nextAddress(wanted, "/")).toBe(address);
});
