import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import type { OnPublishAnswer } from "@/lib/media-contract/publish-calls";
import { SIGNATURE_HEADER, SignatureVerifier } from "@/lib/media-contract/signature";
import { until } from "@/tests/support/until";
import { createPortalClient, type PortalClient } from "./portal-client";

const SECRET = "a secret of at least sixteen bytes";
const BOOT_ID = "0b6a1c3e-5d4f-4a8b-9c2d-1e2f3a4b5c6d";
const SESSION_ID = "7d1f0a52-8a65-4f0e-8f39-0f6f2f6f1a11";
const question = { application: "live", streamKey: "live_key", remoteAddress: "192.0.2.1", encoder: "OBS" };
const accepted: OnPublishAnswer = {
  kind: "accepted",
  liveSessionId: SESSION_ID,
  publishNumber: 1,
  handle: "ada",
  leaseSeconds: 60,
};

type Call = { path: string; body: Record<string, unknown>; signature: string };
type Answer = (response: ServerResponse, call: Call) => void;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function startPortal(
  answer: Answer,
): Promise<{ url: string; calls: Call[]; sockets: Set<Socket>; server: Server }> {
  const verifier = new SignatureVerifier(SECRET);
  const calls: Call[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const piece of request) text += piece;
    const { url: path = "", method = "" } = request;
    const verdict = verifier.verify(
      String(request.headers[SIGNATURE_HEADER]),
      { method, path, body: text },
      Date.now(),
    );
    const call = { path, body: JSON.parse(text), signature: verdict.kind };
    calls.push(call);
    answer(response, call);
  });
  server.on("connection", (socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, sockets, server };
}

function clientOf(portalUrl: string, timeoutMs = 5_000): PortalClient {
  const log = pino({ level: "silent" });
  const client = createPortalClient({
    portalUrl,
    secret: SECRET,
    mediaBootId: BOOT_ID,
    log,
    askTimeoutMs: timeoutMs,
    updateTimeoutMs: timeoutMs,
  });
  closing.push(() => client.close(0));
  return client;
}

const json = (response: ServerResponse, value: unknown, status = 200) =>
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));

describe("askToPublish", () => {
  it("asks with a valid signature and hands on what the portal says", async () => {
    const portal = await startPortal((response) => json(response, accepted));
    expect(await clientOf(portal.url).askToPublish(question)).toEqual(accepted);
    expect(portal.calls).toEqual([
      { path: "/api/media/on-publish", body: { mediaBootId: BOOT_ID, ...question }, signature: "valid" },
    ]);
  });

  it("hands on a refusal with its reason", async () => {
    const refused = { kind: "rejected", reason: "banned-owner", description: "This account may not stream here." };
    const portal = await startPortal((response) => json(response, refused));
    expect(await clientOf(portal.url).askToPublish(question)).toEqual(refused);
  });

  it("uses its connections again instead of opening one a question", async () => {
    const portal = await startPortal((response) => json(response, accepted));
    const client = clientOf(portal.url);
    for (let i = 0; i < 20; i++) await client.askToPublish(question);
    expect(portal.sockets.size).toBeLessThanOrEqual(3);
  });

  it.each<[string, Answer]>([
    ["answers 500", (response) => json(response, accepted, 500)],
    ["answers 401", (response) => json(response, accepted, 401)],
    ["answers with text that is no JSON", (response) => response.end("accepted")],
    ["answers with nothing", (response) => response.end()],
    ["answers in a wrong form", (response) => json(response, { ...accepted, liveSessionId: "1" })],
    [
      "answers with a reason nobody knows",
      (response) => json(response, { kind: "rejected", reason: "mood", description: "" }),
    ],
    ["sends us elsewhere", (response) => response.writeHead(307, { location: "/elsewhere" }).end()],
    ["never answers", () => {}],
    ["begins an answer and never ends it", (response) => response.write("{")],
    ["breaks the connection", (response) => response.destroy()],
    ["answers without end", (response) => response.end(Buffer.alloc(8_000_000, 32))],
  ])("refuses the publisher when the portal %s", async (_name, answer) => {
    const portal = await startPortal(answer);
    expect(await clientOf(portal.url, 300).askToPublish(question)).toMatchObject({
      kind: "rejected",
      reason: "portal-unreachable",
    });
  });

  it("ends its question in time though memory is collected meanwhile", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const portal = await startPortal(() => {});
    const collecting = setInterval(collect, 20);
    const answer = await clientOf(portal.url, 500)
      .askToPublish(question)
      .finally(() => clearInterval(collecting));
    expect(answer).toMatchObject({ reason: "portal-unreachable" });
  });

  it("refuses the publisher when there is no portal", async () => {
    const portal = await startPortal(() => {});
    portal.server.close();
    await once(portal.server, "close");
    expect(await clientOf(portal.url).askToPublish(question)).toMatchObject({ reason: "portal-unreachable" });
  });
});

describe("update", () => {
  const sessions = [
    {
      liveSessionId: SESSION_ID,
      publishNumber: 1,
      state: "live" as const,
      video: null,
      audio: null,
      bitrateKbps: 3000,
      viewers: 2,
    },
  ];

  it("numbers its calls and hands on what the portal says", async () => {
    const answer = { sessions: [{ kind: "end", liveSessionId: SESSION_ID, reason: "key-revoked" }] };
    const portal = await startPortal((response) => json(response, answer));
    const client = clientOf(portal.url);
    expect(await client.update(sessions)).toEqual({ kind: "answered", answer });
    await client.update([]);
    expect(portal.calls.map(({ path, body }) => [path, body])).toEqual([
      ["/api/media/on-update", { mediaBootId: BOOT_ID, sequence: 0, sessions }],
      ["/api/media/on-update", { mediaBootId: BOOT_ID, sequence: 1, sessions: [] }],
    ]);
  });

  it.each<[string, Answer]>([
    ["fails", (response) => json(response, {}, 503)],
    ["answers in a wrong form", (response) => json(response, { sessions: [{ kind: "perhaps" }] })],
    ["never answers", () => {}],
  ])("says that the portal is unreachable when it %s", async (_name, answer) => {
    const portal = await startPortal(answer);
    expect((await clientOf(portal.url, 300).update(sessions)).kind).toBe("unreachable");
  });
});

describe("reportEnd", () => {
  const end = (publishNumber: number) => ({
    liveSessionId: SESSION_ID,
    publishNumber,
    reason: "encoder-stopped" as const,
  });

  it("is repeated until the portal has answered, in order", async () => {
    let failures = 2;
    const portal = await startPortal((response) =>
      failures-- > 0 ? json(response, {}, 503) : json(response, { kind: "ended" }),
    );
    const client = clientOf(portal.url);
    client.reportEnd(end(1));
    client.reportEnd(end(2));
    await until("both ends", () => portal.calls.length === 4);
    expect(portal.calls.map(({ body, signature }) => [body.publishNumber, signature])).toEqual([
      [1, "valid"],
      [1, "valid"],
      [1, "valid"],
      [2, "valid"],
    ]);
  });

  it("does not let a report that the portal cannot understand hold up the next", async () => {
    const portal = await startPortal((response, { body }) =>
      body.publishNumber === 1 ? json(response, {}, 400) : json(response, { kind: "ended" }),
    );
    const client = clientOf(portal.url);
    client.reportEnd(end(1));
    client.reportEnd(end(2));
    await until("both", () => portal.calls.length === 2);
  });

  it("is still made while the client closes, and no longer than it may take", async () => {
    const portal = await startPortal((response) => json(response, { kind: "ended" }));
    const client = clientOf(portal.url);
    client.reportEnd(end(1));
    await client.close(5_000);
    expect(portal.calls).toHaveLength(1);

    const silent = await startPortal(() => {});
    const other = clientOf(silent.url);
    other.reportEnd(end(1));
    const startedMs = performance.now();
    await other.close(100);
    expect(performance.now() - startedMs).toBeLessThan(1_500);
  });
});
