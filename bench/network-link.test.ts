import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LinkQuality, NetworkLink, perfectLink } from "./network-link";

let server: Server;
let link: NetworkLink;

beforeEach(async () => {
  server = createServer((socket) => socket.pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  await link.close();
  await new Promise((resolve) => server.close(resolve));
});

async function begin(quality: Partial<LinkQuality>): Promise<void> {
  link = await NetworkLink.start({ ...perfectLink, ...quality });
  link.leadTo((server.address() as AddressInfo).port);
}

/** Sends bytes to the echo, closes, and returns what came back and after how long. */
async function echo(bytes: Buffer): Promise<{ answer: Buffer; tookMs: number }> {
  const startMs = performance.now();
  const socket = connect(link.port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.write(bytes);
  const enough = setInterval(() => {
    if (Buffer.concat(chunks).length >= bytes.length) socket.end();
  }, 5);
  await once(socket, "close");
  clearInterval(enough);
  return { answer: Buffer.concat(chunks), tookMs: performance.now() - startMs };
}

const bytes = Buffer.from(Uint8Array.from({ length: 100_000 }, (_, at) => (at * 7 + (at >> 8)) & 0xff));

describe("a longer line", () => {
  it("keeps every byte in order, whatever the jitter", async () => {
    await begin({ delayMs: 5, jitterMs: 5, bitsPerSecond: 50_000_000 });
    expect((await echo(bytes)).answer.equals(bytes)).toBe(true);
  });

  it("takes a round trip to connect and another to answer", async () => {
    await begin({ delayMs: 40 });
    expect((await echo(Buffer.from("x"))).tookMs).toBeGreaterThanOrEqual(155);
  });

  it("passes no more than its rate", async () => {
    await begin({ bitsPerSecond: 4_000_000 });
    expect((await echo(bytes)).tookMs).toBeGreaterThanOrEqual(195);
  });

  it("lets nothing arrive during a hiccup", async () => {
    await begin({ hiccup: { everyMs: 60_000, lastsMs: 300 } });
    expect((await echo(Buffer.from("x"))).tookMs).toBeGreaterThanOrEqual(200);
  });
});
