import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type Server as TlsServer } from "node:tls";
import type { Logger } from "pino";
import { plainAddress } from "../address/remote-address";
import { ConnectionLimits } from "./connection-limits";
import { defaultIngestLimits, type IngestConfig } from "./ingest-config";
import { IngestCounters, type IngestCounts } from "./ingest-counters";
import type { Publisher } from "./publisher";
import { RefusalLog } from "./refusal-log";
import { RtmpConnection } from "./rtmp-connection";
import { createSharedReader } from "./shared-read-buffer";
import { readCertificate, watchCertificate } from "./tls-certificate";

export type IngestServer = {
  /**
   * Starts to listen. @returns the ports in use, `rtmpsPort` null without RTMPS
   * @throws the system's error (`EADDRINUSE`), or one sentence about the certificate
   */
  listen(): Promise<{ rtmpPort: number; rtmpsPort: number | null }>;
  counts(): Readonly<IngestCounts>;
  /** Cuts every connection: publishers see `left` with `server-shutdown`. Resolves when nothing is open. */
  close(): Promise<void>;
};

export type IngestOptions = {
  config: IngestConfig;
  log: Logger;
  /** Called inside the read of a socket: attach with `handle` before returning, answer with `accept` or `reject` at any time. */
  onPublishRequested(publisher: Publisher): void;
};

const socketOptions = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 };

/** Takes RTMP and RTMPS connections and turns them into publishers; whether one may publish is asked elsewhere. */
export function createIngestServer({ config, log, onPublishRequested }: IngestOptions): IngestServer {
  const limits = { ...defaultIngestLimits, ...config.limits };
  const counters = new IngestCounters();
  const admission = new ConnectionLimits(limits);
  const connections = new Set<RtmpConnection>();
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  const refusals = new RefusalLog(log);
  const withSharedBuffer = createSharedReader();
  let stopWatching = () => {};

  /** Counts the TCP connection, TLS or not. @returns whether it may stay */
  const admit = (socket: Socket): boolean => {
    const remoteAddress = plainAddress(socket.remoteAddress);
    const entry = admission.enter(remoteAddress);
    if (entry.kind === "refused") {
      counters.refused(entry.reason);
      refusals.note(remoteAddress, entry.reason, performance.now());
      socket.destroy();
      return false;
    }
    counters.counts.connectionsOpened++;
    counters.counts.connectionsOpen++;
    sockets.add(socket);
    socket.once("close", () => {
      counters.counts.connectionsOpen--;
      sockets.delete(socket);
      entry.leave();
    });
    return true;
  };

  const serve = (socket: Socket): void => {
    const connection = new RtmpConnection(socket, { limits, log, counters, onPublishRequested });
    connections.add(connection);
    socket.once("close", () => connections.delete(connection));
  };

  const createRtmps = async (rtmps: NonNullable<IngestConfig["rtmps"]>): Promise<TlsServer> => {
    const certificate = await readCertificate(rtmps);
    const server = createTlsServer({ ...certificate, ...socketOptions, handshakeTimeout: limits.handshakeMs });
    server.on("connection", admit);
    server.on("secureConnection", serve);
    server.on("tlsClientError", (error, socket) => {
      log.info({ remoteAddress: plainAddress(socket.remoteAddress), reason: error.message }, "TLS handshake failed");
      socket.destroy();
    });
    stopWatching = watchCertificate(rtmps, log, (next) => server.setSecureContext(next));
    return server;
  };

  const listenOn = async (server: Server, port: number): Promise<number> => {
    servers.push(server);
    server.listen(port, config.host);
    await once(server, "listening");
    server.on("error", (error) => log.error({ err: error }, "the ingest listener failed"));
    return (server.address() as AddressInfo).port;
  };

  const close = async (): Promise<void> => {
    stopWatching();
    const closed = servers.filter((server) => server.listening).map((server) => once(server, "close"));
    for (const server of servers) server.close();
    for (const connection of connections) connection.cut("server-shutdown");
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
  };

  return {
    async listen() {
      const rtmp = createServer({ ...socketOptions, pauseOnConnect: true }, (accepted) => {
        const socket = withSharedBuffer(accepted);
        if (admit(socket)) serve(socket);
      });
      try {
        const rtmpPort = await listenOn(rtmp, config.rtmpPort);
        const { rtmps } = config;
        return { rtmpPort, rtmpsPort: rtmps ? await listenOn(await createRtmps(rtmps), rtmps.port) : null };
      } catch (error) {
        await close();
        throw error;
      }
    },
    counts: () => counters.counts,
    close,
  };
}
