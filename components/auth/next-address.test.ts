import { expect, it } from "vitest";
import { noteAttack } from "@/tests/support/security-figures";
import { nextAddress } from "./next-address";

it.each([
  ["/studio", "/studio"],
  ["/admin/users?query=mina", "/admin/users?query=mina"],
  ["/c/ada?at=//x", "/c/ada?at=//x"],
])("after signing in, %j leads to %s", (wanted, address) => {
  expect(nextAddress(wanted, "/")).toBe(address);
});

const elsewhere = [
  ...[
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "///evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
  ],
  ...["/.//evil.example", "/./\\evil.example", "/..//evil.example", "/%2e//evil.example", "/x/..//evil.example"],
  ...[
    "/.\t//evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
  ],
  ...[
    " //evil.example",
    "\u0000//evil.example",
    "data:text/html,x",
    "evil.example",
    "",
    "http://this.site@evil.example",
  ],
];

it.each([...elsewhere, ["/studio"], undefined, null, 7])("after signing in, %j leads nowhere else", (wanted) => {
  const address = nextAddress(wanted, "/");
  expect(address).toBe("/");
});

it("whatever is wanted, a browser on any page of this site stays on it", () => {
  const parts = [
    "/",
    "\\",
    ".",
    "..",
    "%2e",
    "%2f",
    "%5c",
    "\t",
    "\n",
    "\0",
    "@",
    ":",
    "?",
    "#",
    "evil.example",
    "javascript:",
  ];
  let tries = 0;
  for (const a of parts) {
    for (const b of parts) {
      for (const c of parts) {
        for (const d of ["", "//evil.example", "\\evil.example"]) {
          const address = nextAddress(`/${a}${b}${c}${d}`, "/");
          expect(new URL(address, "https://tv.example/sign-in").origin, address).toBe("https://tv.example");
          tries += 1;
        }
      }
    }
  }
  noteAttack("web", "redirects to another site", tries + elsewhere.length);
});
