import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { database } from "@/lib/db";
import { SIGNATURE_HEADER, signCall } from "@/lib/media-contract/signature";
import { makeKey, makeUser, type OpenPortal, openPortal } from "@/tests/support/portal-database";
import { POST as onPublish } from "./on-publish/route";
import { POST as onPublishEnd } from "./on-publish-end/route";
import { POST as onUpdate } from "./on-update/route";

let portal: OpenPortal;
let streamKey: string;
beforeAll(async () => {
  portal = await openPortal();
  streamKey = (await makeKey(await makeUser())).streamKey;
});
afterAll(() => portal?.close());

const routes = { "on-publish": onPublish, "on-update": onUpdate, "on-publish-end": onPublishEnd };
type Name = keyof typeof routes;

function requestOf(name: Name, body: string, signature: string | null): Request {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (signature !== null) headers[SIGNATURE_HEADER] = signature;
  return new Request(`http://127.0.0.1:3000/api/media/${name}`, { method: "POST", body, headers });
}

function sign(name: Name, body: string, atMs = Date.now(), secret = portal.mediaSecret): string {
  return signCall(secret, { method: "POST", path: `/api/media/${name}`, body }, atMs);
}

async function call(name: Name, body: string, signature: string | null = sign(name, body)) {
  const response = await routes[name](requestOf(name, body, signature));
  return { status: response.status, body: await response.json() };
}

function bodyOf(name: Name): string {
  const mediaBootId = randomUUID();
  if (name === "on-publish") {
    return JSON.stringify({ mediaBootId, application: "live", streamKey, remoteAddress: "::1", encoder: null });
  }
  if (name === "on-update") return JSON.stringify({ mediaBootId, sequence: 1, sessions: [] });
  return JSON.stringify({ mediaBootId, liveSessionId: randomUUID(), publishNumber: 1, reason: "encoder-lost" });
}

describe.each(Object.keys(routes) as Name[])("%s", (name) => {
  it("is obeyed with a valid signature", async () => {
    expect((await call(name, bodyOf(name))).status).toBe(200);
  });

  it("answers 401 without a signature, with another secret's, another path's or another body's", async () => {
    const body = bodyOf(name);
    const elsewhere: Name = name === "on-update" ? "on-publish" : "on-update";
    const wrong = [
      null,
      "",
      "nonsense",
      sign(name, body, Date.now(), "another secret of the right length"),
      sign(elsewhere, body),
      sign(name, `${body} `),
    ];
    const before = await database().liveSession.count();
    for (const signature of wrong) expect((await call(name, body, signature)).status).toBe(401);
    expect(await database().liveSession.count()).toBe(before);
  });

  it("answers 401 to a stale call, one from the future, and one that was obeyed before", async () => {
    const body = bodyOf(name);
    expect((await call(name, body, sign(name, body, Date.now() - 31_000))).status).toBe(401);
    expect((await call(name, body, sign(name, body, Date.now() + 31_000))).status).toBe(401);
    const signature = sign(name, body);
    expect((await call(name, body, signature)).status).toBe(200);
    expect(await call(name, body, signature)).toEqual({ status: 401, body: { error: "signature-replayed" } });
  });

  it("answers 400 to what it doesn't understand, even when it is signed", async () => {
    for (const body of ["", "{", "[]", "null", '{"mediaBootId":"x"}', `{"a":${"[".repeat(2000)}${"]".repeat(2000)}}`]) {
      expect((await call(name, body)).status).toBe(400);
    }
  });

  it("answers 413 to a body that is too long, announced or not, without reading on", async () => {
    const body = "x".repeat(5 * 1024 * 1024);
    expect((await call(name, body)).status).toBe(413);
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    const request = new Request(`http://127.0.0.1:3000/api/media/${name}`, {
      method: "POST",
      body: endless,
      duplex: "half",
      headers: { [SIGNATURE_HEADER]: sign(name, "") },
    } as RequestInit);
    expect((await routes[name](request)).status).toBe(413);
    expect(pulled).toBeLessThan(100);
  });
});
