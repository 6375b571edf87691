import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { pino } from "pino";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { RtmpEncoder } from "@/tests/support/rtmp-encoder";
import { until } from "@/tests/support/until";
import type { IngestLimits } from "./ingest-config";
import { createIngestServer, type IngestServer } from "./ingest-server";
import type { Publisher } from "./publisher";

const folder = mkdtempSync(join(tmpdir(), "livehouse-rtmps-"));
const certPath = join(folder, "cert.pem");
const keyPath = join(folder, "key.pem");
const opened: IngestServer[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Puts a fresh self-signed certificate of this name in place, as certificate managers do: whole files, renamed. */
async function makeCertificate(commonName: string): Promise<void> {
  const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const files = ["-keyout", `${keyPath}.new`, "-out", `${certPath}.new`, "-subj", `/CN=${commonName}`];
  execFileSync("openssl", [...request, ...files], { stdio: "ignore" });
  await rename(`${keyPath}.new`, keyPath);
  await rename(`${certPath}.new`, certPath);
}

async function start(limits: Partial<IngestLimits> = {}) {
  const publishers: Publisher[] = [];
  const server = createIngestServer({
    config: { host: "127.0.0.1", rtmpPort: 0, rtmps: { port: 0, certPath, keyPath }, limits },
    log: pino({ level: "silent" }),
    onPublishRequested(publisher) {
      publishers.push(publisher);
      publisher.accept();
    },
  });
  opened.push(server);
  const { rtmpsPort } = await server.listen();
  return { server, publishers, port: rtmpsPort ?? 0 };
}

async function nameOfCertificate(port: number): Promise<string> {
  const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
  await new Promise((resolve) => socket.once("secureConnect", resolve));
  const name = String(socket.getPeerCertificate().subject.CN);
  socket.destroy();
  return name;
}

describe("RTMPS", () => {
  it("publishes over TLS, and is cut off like any other", async () => {
    await makeCertificate("first.example");
    const { port, publishers, server } = await start();
    const { encoder, outcome } = await RtmpEncoder.publish({ port, tls: true }, "live_key");
    expect(outcome).toEqual({ kind: "accepted" });
    publishers[0]?.disconnect("key-revoked");
    await encoder.ended;
    await until("the end of the connection", () => server.counts().connectionsOpen === 0);
  });

  it("ends a connection that speaks no TLS, and one that says nothing", async () => {
    await makeCertificate("first.example");
    const { port, server } = await start({ handshakeMs: 300 });
    const peers = ["", "GET / HTTP/1.1\r\n\r\n"].map((text) => {
      const socket = connectTcp(port, "127.0.0.1");
      socket.on("error", () => socket.destroy());
      socket.resume();
      if (text !== "") socket.write(text);
      return new Promise((resolve) => socket.once("close", resolve));
    });
    await Promise.all(peers);
    await until("the end of both", () => server.counts().connectionsOpen === 0);
  });

  it("takes a renewed certificate without a restart", async () => {
    await makeCertificate("first.example");
    const { port } = await start();
    expect(await nameOfCertificate(port)).toBe("first.example");
    await makeCertificate("second.example");
    await until("the new certificate", async () => (await nameOfCertificate(port)) === "second.example", {
      timeoutMs: 25_000,
      everyMs: 200,
    });
  });

  it("says in one sentence that a certificate cannot be used, and leaves no listener behind", async () => {
    const server = createIngestServer({
      config: { host: "127.0.0.1", rtmpPort: 0, rtmps: { port: 0, certPath: "/nonexistent/cert.pem", keyPath } },
      log: pino({ level: "silent" }),
      onPublishRequested() {},
    });
    await expect(server.listen()).rejects.toThrow("The file of TLS_CERT cannot be read.");
  });
});
