import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { NextRequest } from "next/server";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { noteAttack } from "@/tests/support/security-figures";

const outagePolicy = "default-src 'none'; script-src 'self' 'nonce-x'; frame-ancestors 'self'";
const servers: Server[] = [];
const asked = { portal: 0, canary: 0 };
let canary = "";

async function listen(name: keyof typeof asked): Promise<number> {
  const server = createServer((_, response) => {
    asked[name] += 1;
    response.setHeader("content-security-policy", outagePolicy).end(name);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  const secret = "x".repeat(32);
  const PORT = String(await listen("portal"));
  canary = `127.0.0.1:${await listen("canary")}`;
  // Nothing listens at the database's address: it is away.
  Object.assign(process.env, {
    DATABASE_URL: "postgres://u:p@127.0.0.1:1/d",
    AUTH_SECRET: secret,
    MEDIA_SECRET: secret,
  });
  Object.assign(process.env, { KEY_SECRET: secret, HOST: "127.0.0.1", PORT, LOG_LEVEL: "silent" });
});
afterAll(() => {
  for (const server of servers) server.close();
});

async function ask(
  path: string,
  headers: Record<string, string> = {},
  settings = {},
  method = "GET",
): Promise<Response> {
  vi.resetModules();
  Object.assign(process.env, { PUBLIC_URL: "", PUBLIC_HLS_URL: "", ...settings });
  const { proxy } = await import("@/proxy");
  return proxy(
    new NextRequest(`http://${headers.host ?? "tv.example"}${path}`, {
      headers: { host: "tv.example", ...headers },
      method,
    }),
  );
}

const policyOf = (answer: Response) => answer.headers.get("content-security-policy") ?? "";

it("while the database is away, the portal asks its own address for the page, whatever host a request names", async () => {
  const claims: Record<string, string>[] = [
    { host: canary },
    { host: canary, "x-forwarded-host": canary, "x-forwarded-proto": "https" },
  ];
  for (const headers of claims) {
    const answer = await ask("/studio", headers);
    expect([answer.status, await answer.text()]).toEqual([503, "portal"]);
    expect(policyOf(answer)).toBe(outagePolicy);
  }
  expect(policyOf(await ask("/embed/ada", { host: canary }))).not.toContain("frame-ancestors");
  expect(asked).toEqual({ portal: 3, canary: 0 });
  noteAttack("web", "addresses that the portal should ask", 3);
});

it("each answer has a nonce of its own, and Next is told it in the request's policy", async () => {
  const [first, second] = [await ask("/unavailable"), await ask("/unavailable")];
  const nonces = [first, second].map((answer) => /'nonce-([A-Za-z0-9+/]{22}==)'/.exec(policyOf(answer))?.[1]);
  expect(nonces[0]).toBeTruthy();
  expect(nonces[0]).not.toBe(nonces[1]);
  expect(first.headers.get("x-middleware-request-content-security-policy")).toBe(policyOf(first));
});

it("a policy names the HLS origin that viewers are told: the setting, else the caller's own host", async () => {
  expect(policyOf(await ask("/unavailable", { host: "tv.example:3000" }))).toContain(
    "connect-src 'self' http://tv.example:8000;",
  );
  expect(
    policyOf(await ask("/unavailable", { host: "evil.example; script-src *" }).catch(() => new Response())),
  ).not.toContain("script-src *");
  const settings = { PUBLIC_HLS_URL: "https://cdn.example/hls" };
  expect(policyOf(await ask("/unavailable", { host: "evil.example" }, settings))).toContain(
    "connect-src 'self' https://cdn.example;",
  );
});

it("https is insisted on only where PUBLIC_URL says https", async () => {
  const header = "strict-transport-security";
  expect((await ask("/unavailable")).headers.get(header)).toBeNull();
  expect((await ask("/unavailable", {}, { PUBLIC_URL: "http://tv.example" })).headers.get(header)).toBeNull();
  expect((await ask("/unavailable", {}, { PUBLIC_URL: "https://tv.example" })).headers.get(header)).toBe(
    "max-age=31536000",
  );
});

it("a write from another site's page, or from none, is refused before anything else, at pages and at /api/auth", async () => {
  let tries = 0;
  for (const path of [
    "/studio",
    "/c/a.b",
    "/admin",
    "/api/auth/callback/credentials",
    "/api/auth/signout",
    "/unavailable",
  ]) {
    for (const headers of [{ origin: "https://evil.example" }, { origin: "null" }, {}, { "next-action": "x" }]) {
      expect((await ask(path, headers as Record<string, string>, {}, "POST")).status, path).toBe(403);
      tries += 1;
    }
  }
  const own = await ask("/unavailable", { origin: "https://tv.example" }, {}, "POST");
  expect(own.status).toBe(200);
  noteAttack("web", "writes from another site's page", tries);
});
