import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { noteAttack } from "@/tests/support/security-figures";
import { callerOf } from "./caller";
import { ownCallerAddresses } from "./caller-address";

let server: Server;

beforeAll(async () => {
  const secret = "x".repeat(32);
  Object.assign(process.env, {
    DATABASE_URL: "postgres://h/d",
    AUTH_SECRET: secret,
    MEDIA_SECRET: secret,
    KEY_SECRET: secret,
  });
  server = createServer((incoming, response) => {
    const headers = new Headers(incoming.headers as Record<string, string>);
    const claims = Object.keys(incoming.headers).filter((name) => /^x-forwarded-(?!for)/.test(name));
    response.end(JSON.stringify({ ...callerOf(headers), claims }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

function ask(headers: Record<string, string> = {}): Promise<unknown> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    request({ port, host: "127.0.0.1", headers, agent: false }, async (response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      resolve(JSON.parse(body));
    })
      .on("error", reject)
      .end();
  });
}

it("an address is unknown, not what the peer says, as long as this process doesn't see to it", async () => {
  expect(await ask({ "x-forwarded-for": "203.0.113.9" })).toMatchObject({ address: null });
});

it("an address is the socket's, whatever the peer says of itself", async () => {
  ownCallerAddresses({ isBehindProxy: false });
  ownCallerAddresses({ isBehindProxy: false });
  expect(await ask()).toMatchObject({ address: "127.0.0.1" });
  expect(await ask({ "x-forwarded-for": "203.0.113.9" })).toMatchObject({ address: "127.0.0.1" });
  expect(await ask({ "x-forwarded-for": "203.0.113.9, 203.0.113.10" })).toMatchObject({ address: "127.0.0.1" });
  expect(await ask({ "x-forwarded-host": "elsewhere.example" })).toMatchObject({ hostName: "127.0.0.1" });
});

it("what a peer says of host, port and protocol does not reach Next, but in a hand-over of Next to itself", async () => {
  const claims = { "x-forwarded-host": "evil.example", "x-forwarded-proto": "https", "x-forwarded-port": "1" };
  expect(await ask(claims)).toMatchObject({ claims: [] });
  expect(await ask({ ...claims, "x-action-forwarded": "1" })).toMatchObject({ claims: [] });
  noteAttack("web", "claimed hosts", 2);
});

it.each([
  ["tv.example:3000", "tv.example"],
  ["192.168.0.4:3000", "192.168.0.4"],
  ["[2001:db8::1]:3000", "[2001:db8::1]"],
  ["evil.example/path", "localhost"],
  ['"><script>', "localhost"],
  ["user@evil.example", "localhost"],
])("of the host %s the caller is shown %s", (host, hostName) => {
  expect(callerOf({ get: (name) => (name === "host" ? host : null) })).toMatchObject({ hostName });
});
