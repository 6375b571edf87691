import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { type Logger, pino } from "pino";
import { type MediaConfig, readMediaConfig } from "./config";
import { createControlServer } from "./control/control-server";
import { renderMetrics } from "./control/metrics";
import { createIngestServer } from "./ingest/ingest-server";
import { LiveRegistry } from "./live/live-registry";
import type { LiveSessionSettings } from "./live/live-session";
import { createOriginServer } from "./origin/http-server";
import { OriginRegistry } from "./origin/origin-registry";
import { createPortalClient } from "./publish/portal-client";
import { createPublishGate } from "./publish/publish-gate";

// An RTMP message is copied once, out of the read buffer, and lives until its part is closed: from shared slabs, as each piece of
// memory of its own costs the garbage collector more than the copy does.
Buffer.poolSize = 64 * 1024;

/** How much of each window is in memory: the parts that are listed, and what a player just behind may still ask for. */
const MEMORY_SECONDS = 14;

function sessionSettings(config: MediaConfig, folder: string): LiveSessionSettings {
  return {
    folder,
    partTargetSeconds: config.PART_TARGET_MS / 1000,
    targetDurationSeconds: config.SEGMENT_SECONDS,
    limitSeconds: config.WINDOW_SECONDS,
    limitBytes: config.WINDOW_MEGABYTES * 2 ** 20,
    memorySeconds: Math.min(MEMORY_SECONDS, config.WINDOW_SECONDS),
    reconnectMs: 30_000,
    lingerMs: 60_000,
    revokedLingerMs: 5_000,
  };
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** The media process: RTMP in, HLS out. */
async function main(config: MediaConfig, log: Logger): Promise<void> {
  const windows = path.resolve(config.DATA_DIR, "windows");
  await rm(windows, { recursive: true, force: true }); // left by a process that was killed

  const portal = createPortalClient({
    portalUrl: config.PORTAL_URL,
    secret: config.MEDIA_SECRET,
    mediaBootId: randomUUID(),
    log,
  });
  const origin = new OriginRegistry();
  const registry = new LiveRegistry({ portal, origin, settings: sessionSettings(config, windows), log });
  const gate = createPublishGate({
    portal,
    log,
    onAccepted: (publisher, answer, headers) => registry.accept(publisher, answer, headers),
  });
  const rtmps =
    config.RTMPS_PORT && config.TLS_CERT && config.TLS_KEY
      ? { port: config.RTMPS_PORT, certPath: config.TLS_CERT, keyPath: config.TLS_KEY }
      : null;
  const ingest = createIngestServer({
    config: {
      host: config.HOST,
      rtmpPort: config.RTMP_PORT,
      rtmps,
      limits: { maxPublishKbps: config.MAX_PUBLISH_KBPS },
    },
    log,
    onPublishRequested: (publisher) => gate.publishRequested(publisher),
  });
  const bounds = {
    maxWaitingPerAddress: config.MAX_WAITING_PER_ADDRESS,
    maxConnectionsPerAddress: 2 * config.MAX_WAITING_PER_ADDRESS,
    isProxied: config.TRUSTED_PROXY,
  };
  const originServer = createOriginServer({ registry: origin, log, bounds });
  const metrics = () => renderMetrics(ingest.counts(), registry, originServer.load());
  const control = createControlServer({ secret: config.MEDIA_SECRET, registry, metrics, log });

  const mediaPort = await listen(originServer, config.MEDIA_PORT, config.HOST);
  const controlPort = await listen(control, config.MEDIA_CONTROL_PORT, config.MEDIA_CONTROL_HOST);
  const { rtmpPort, rtmpsPort } = await ingest.listen();
  registry.start();
  log.info({ mediaPort, controlPort, rtmpPort, rtmpsPort }, "ready");

  const stop = async (): Promise<void> => {
    await registry.close();
    await ingest.close();
    await portal.close(2_000);
    for (const server of [originServer, control]) {
      server.close();
      server.closeAllConnections();
    }
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      log.info({ signal }, "stopping");
      stop().then(
        () => process.exit(0),
        (error: Error) => fail(log, error),
      );
    });
  }
  // With its parent gone nobody would ever stop it.
  if (process.send) process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
}

function fail(log: Logger, error: Error): never {
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  const sentence =
    code === "EADDRINUSE" ? `Port ${port} is taken by another program: stop it, or set another port.` : error.message;
  log.fatal(sentence);
  process.exit(1);
}

const log = pino({ level: process.env.LOG_LEVEL || "info", base: { process: "media" } });
try {
  await main(readMediaConfig(process.env), log);
} catch (error) {
  fail(log, error as Error);
}
