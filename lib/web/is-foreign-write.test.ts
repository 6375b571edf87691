import { expect, it } from "vitest";
import { noteAttack } from "@/tests/support/security-figures";
import { isForeignWrite } from "./is-foreign-write";

const foreign: [string, Record<string, string>][] = [
  ["another site's", { origin: "https://evil.example" }],
  ["a sandboxed frame's", { origin: "null" }],
  ["no origin's", {}],
  ["a sub-domain's", { origin: "https://evil.tv.example" }],
  ["a longer name's", { origin: "https://tv.example.evil.example" }],
  ["another port's", { origin: "https://tv.example:8443" }],
  ["another scheme's", { origin: "ftp://tv.example" }],
  ["one with a user's name", { origin: "https://tv.example@evil.example" }],
  [
    "one that claims a host by X-Forwarded-Host",
    { origin: "https://evil.example", "x-forwarded-host": "evil.example" },
  ],
];

it.each(foreign)("a write of %s page is foreign", (_, headers) => {
  const host = { host: "tv.example", ...headers };
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "post"]) {
    expect(isForeignWrite({ method, headers: new Headers(host) }, undefined)).toBe(true);
  }
  expect(isForeignWrite({ method: "POST", headers: new Headers(host) }, "https://live.example")).toBe(true);
  noteAttack("web", "writes from another site's page", 6);
});

it.each([
  ["tv.example", "https://tv.example"],
  ["TV.example:443", "https://tv.example"],
  ["127.0.0.1:3000", "http://127.0.0.1:3000"],
  ["[::1]:3000", "http://[::1]:3000"],
  ["portal.internal:3000", "https://live.example"],
])("a write to %s of a page of %s is ours", (host, origin) => {
  const headers = new Headers({ host, origin });
  expect(isForeignWrite({ method: "POST", headers }, "https://live.example")).toBe(false);
});

it("reading is never refused", () => {
  const headers = new Headers({ host: "tv.example", origin: "https://evil.example" });
  for (const method of ["GET", "HEAD", "OPTIONS"]) expect(isForeignWrite({ method, headers }, undefined)).toBe(false);
});
