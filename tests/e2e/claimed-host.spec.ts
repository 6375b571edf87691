import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { startEmbeddedPostgres } from "@/scripts/postgres";
import { LivehouseProcess } from "@/tests/support/livehouse-process";
import { noteAttack } from "@/tests/support/security-figures";
import { formOf, postAction, serverActions } from "@/tests/support/server-actions";
import { ask, cookiesOf } from "@/tests/support/web-client";
import { newHandle, story } from "./story";

/** Sends these bytes and reads the whole answer. */
function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    let text = "";
    socket.setTimeout(15_000, () => socket.destroy(new Error("no answer")));
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
  });
}

story("a claimed host is shown to nobody but who claimed it, and only when it can be one", async ({ livehouse }) => {
  const person = await livehouse.createUser(newHandle("hos"));
  await livehouse.issueKey(person.handle);
  const signIn = serverActions().find(({ name }) => name === "(auth) signIn");
  if (!signIn) throw new Error("no signIn");
  const form = formOf({ email: person.email, password: person.password });
  const cookie = cookiesOf(
    await postAction(livehouse.portalUrl, signIn, [null, form], { origin: livehouse.portalUrl }),
  );
  const studio = (headers: Record<string, string>) =>
    ask(livehouse.portalUrl, "/studio", { headers: { cookie, ...headers } });

  const rtmp = (host: string) => `rtmp://${host}:${livehouse.info.ports.rtmp}/live`;
  const named = await studio({ host: "tv.example:3000" });
  expect(named.body).toContain(rtmp("tv.example"));
  // So that no cache hands it to somebody else.
  expect(named.headers["cache-control"]).toMatch(/no-store/);
  const impossible = [
    "evil.example/x",
    '"><script>alert(1)</script>',
    "user@evil.example",
    "evil.example:1:2",
    "evil example",
    "a,evil.example",
  ];
  for (const host of impossible) {
    const { body, status } = await studio({ host });
    if (status === 200) expect(body, host).toContain(rtmp("localhost"));
    expect(body, host).not.toContain("rtmp://evil");
    expect(body, host).not.toContain("<script>alert(1)");
  }
  const forwarded = {
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    "x-forwarded-port": "1",
    forwarded: "host=evil.example",
  };
  const { body } = await studio({ host: "tv.example", ...forwarded });
  expect(body).toContain(rtmp("tv.example"));
  expect(body).not.toContain("evil.example");
  for (const path of [
    "/studio/",
    "/studio?x=1",
    "/admin",
    "/api/auth/signin",
    "/api/auth/signout",
    "/api/auth/error",
    "/sign-in?next=//evil.example",
  ]) {
    const answer = await ask(livehouse.portalUrl, path, { headers: forwarded });
    expect(answer.headers.location ?? "", path).not.toContain("evil.example");
  }
  noteAttack("web", "claimed hosts", impossible.length + 8);
});

story("the portal asks no address that a request names, least of all while the database is away", async () => {
  story.setTimeout(120_000);
  const asked: string[] = [];
  const canary = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end("canary");
  });
  await new Promise<void>((resolve) => canary.listen(0, "127.0.0.1", resolve));
  const target = `127.0.0.1:${(canary.address() as AddressInfo).port}`;
  const directory = await mkdtemp(join(tmpdir(), "livehouse-host-"));
  const postgres = await startEmbeddedPostgres(directory);
  const livehouse = await LivehouseProcess.start({ DATABASE_URL: postgres.url });
  const port = livehouse.info.ports.portal;
  const close = "connection: close\r\n\r\n";
  const requests = [
    `GET / HTTP/1.1\r\nhost: ${target}\r\n${close}`,
    `GET /studio HTTP/1.1\r\nhost: ${target}\r\nx-forwarded-host: ${target}\r\nx-forwarded-proto: http\r\n${close}`,
    `GET / HTTP/1.1\r\nhost: x\r\nx-forwarded-host: ${target}\r\nx-forwarded-port: ${target.split(":")[1]}\r\n${close}`,
    `GET http://${target}/ HTTP/1.1\r\nhost: ${target}\r\n${close}`,
    `GET //${target}/ HTTP/1.1\r\nhost: x\r\n${close}`,
    `GET /\\${target}/ HTTP/1.1\r\nhost: x\r\n${close}`,
    `GET /@${target}/ HTTP/1.1\r\nhost: x@${target}\r\n${close}`,
    `GET /_next/image?url=${encodeURIComponent(`http://${target}/x.png`)}&w=64&q=75 HTTP/1.1\r\nhost: ${target}\r\n${close}`,
    `GET /_next/image?url=%2F%2F${target}%2Fx.png&w=64&q=75 HTTP/1.1\r\nhost: ${target}\r\n${close}`,
    `GET /api/auth/signin?callbackUrl=http://${target}/ HTTP/1.1\r\nhost: ${target}\r\n${close}`,
  ];
  try {
    for (const request of requests) expect(await sendRaw(port, request)).toMatch(/^HTTP\/1.1 /);
    const image = await ask(livehouse.portalUrl, "/_next/image?url=%2Ficon.svg&w=64&q=75");
    expect(image.status).toBe(404);
    await postgres.stop();
    for (const request of requests) expect(await sendRaw(port, request)).toMatch(/^HTTP\/1.1 /);
    const page = await sendRaw(port, requests[0] ?? "");
    expect(page).toMatch(/^HTTP\/1.1 503 /);
    expect(page).toContain("Back in a moment");
    expect(page).toMatch(/script-src 'self' 'nonce-/);
    expect(asked).toEqual([]);
    noteAttack("web", "addresses that the portal should ask", 2 * requests.length);
  } finally {
    canary.close();
    await livehouse.stop();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  }
});
