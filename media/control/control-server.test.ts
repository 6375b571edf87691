import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SIGNATURE_HEADER, signCall } from "@/lib/media-contract/signature";
import { RawViewer } from "@/tests/support/raw-viewer";
import { noteAttack } from "@/tests/support/security-figures";
import { until } from "@/tests/support/until";
import { createControlServer } from "./control-server";

const SECRET = "a secret of at least sixteen bytes";
const obeyed: string[] = [];
const server = createControlServer({
  secret: SECRET,
  registry: {
    disconnect: (liveSessionId, reason) => {
      obeyed.push(`${liveSessionId} ${reason}`);
      return "disconnected";
    },
    reports: () => [],
  },
  metrics: () => "metrics\n",
  log: pino({ level: "silent" }),
  callMs: 500,
});
let port = 0;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  obeyed.length = 0;
});

const body = () => JSON.stringify({ liveSessionId: randomUUID(), reason: "key-revoked" });
type Call = { method: string; path: string; body: string };
const sign = (call: Call, atMs = Date.now(), secret = SECRET) => signCall(secret, call, atMs);

async function send({ method, path, body: text }: Call, signature: string | null): Promise<number> {
  const headers: Record<string, string> = signature === null ? {} : { [SIGNATURE_HEADER]: signature };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers,
    ...(method === "GET" ? {} : { body: text }),
  });
  await response.arrayBuffer();
  return response.status;
}

describe("the control port", () => {
  test("obeys a signed call once, and answers probes without a signature", async () => {
    const call = { method: "POST", path: "/disconnect", body: body() };
    const signature = sign(call);
    expect(await send(call, signature)).toBe(200);
    expect(await send(call, signature)).toBe(401);
    expect(obeyed).toHaveLength(1);
    expect(await send({ method: "GET", path: "/healthz", body: "" }, null)).toBe(200);
    expect(await send({ method: "GET", path: "/metrics", body: "" }, null)).toBe(200);
  });

  test("refuses a signature that is missing, forged, stale, or of another method, path, query, body, time or secret", async () => {
    const call = { method: "POST", path: "/disconnect", body: body() };
    const right = sign(call);
    const flipped = Array.from({ length: 64 }, (_, at) => {
      const index = right.length - 64 + at;
      return `${right.slice(0, index)}${right[index] === "0" ? "1" : "0"}${right.slice(index + 1)}`;
    });
    const wrong = [
      ...[null, "", "t=1,n=,v1=", `${right},`, right.toUpperCase(), right.slice(0, -2), `${right}00`],
      ...flipped,
      right.replace(/t=\d+/, `t=${Date.now() + 1}`),
      right.replace(/n=[^,]+/, `n=${randomUUID()}`),
      sign({ ...call, method: "GET" }),
      sign({ ...call, method: "PUT" }),
      sign({ ...call, path: "/sessions" }),
      sign({ ...call, path: "/disconnect?" }),
      sign({ ...call, path: "/api/media/on-publish" }),
      sign({ ...call, body: `${call.body} ` }),
      sign({ ...call, body: "" }),
      sign(call, Date.now() - 31_000),
      // Far ahead: a slow machine takes a while to come to it.
      sign(call, Date.now() + 600_000),
      sign(call, Date.now(), "another secret of the right length"),
    ];
    for (const signature of wrong) expect([signature, await send(call, signature)]).toEqual([signature, 401]);
    const read = { method: "GET", path: "/sessions", body: "" };
    expect(await send(read, null)).toBe(401);
    expect(await send(read, sign({ ...read, method: "POST" }))).toBe(401);
    expect(await send(read, sign({ ...read, path: "/disconnect" }))).toBe(401);
    expect(await send(read, sign(read))).toBe(200);
    expect(obeyed).toEqual([]);
    noteAttack("private calls", "forged, stale and borrowed signatures", wrong.length + 3);
  });

  test("answers 413 to a body that is too long, without reading on, and 400 to one that it doesn't understand", async () => {
    const long = { method: "POST", path: "/disconnect", body: "x".repeat(100_000) };
    expect(await send(long, sign(long))).toBe(413);
    const endless = await RawViewer.open(port);
    endless.send(
      `POST /disconnect HTTP/1.1\r\nHost: x\r\n${SIGNATURE_HEADER}: t=1\r\nContent-Length: 9999999999\r\n\r\n`,
    );
    endless.send(Buffer.alloc(1_000_000));
    await until("it is cut", () => endless.isClosed);
    for (const text of ["", "{", "[]", '{"liveSessionId":"x"}', JSON.stringify({ liveSessionId: randomUUID() })]) {
      const call = { method: "POST", path: "/disconnect", body: text };
      expect(await send(call, sign(call))).toBe(400);
    }
    expect(obeyed).toEqual([]);
    noteAttack("private calls", "bodies too long or malformed", 7);
  });

  test("cuts who is silent or sends a header or a body a byte at a time, at the deadline of a call", async () => {
    const slow = await RawViewer.openMany(20, port);
    const head = `POST /disconnect HTTP/1.1\r\nHost: x\r\n${SIGNATURE_HEADER}: t=1\r\n`;
    slow.forEach((viewer, n) => {
      if (n % 3 === 1) viewer.send(head);
      if (n % 3 === 2) viewer.send(`${head}Content-Length: 1000\r\n\r\n`);
    });
    const drip = setInterval(() => {
      for (const [n, viewer] of slow.entries()) if (n % 3 > 0) viewer.send(n % 3 === 1 ? "a: b\r\n" : "x");
    }, 50);
    await until("all are cut", () => slow.every(({ isClosed }) => isClosed)).finally(() => clearInterval(drip));
    const call = { method: "POST", path: "/disconnect", body: body() };
    expect(await send(call, sign(call))).toBe(200);
    noteAttack("private calls", "slow calls", slow.length);
  });
});
