import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Logger } from "pino";
import { guardConnections } from "./guard-connections";
import { defaultOriginBounds, type OriginBounds } from "./origin-bounds";
import { OriginRefusals } from "./origin-refusals";
import type { OriginRegistry, Playback } from "./origin-registry";
import { parseReload, resolvePart, resolveReload, resolveSegment, type Verdict } from "./resolve";
import {
  respondToOptions,
  respondWithBytes,
  respondWithError,
  respondWithPlaylist,
  respondWithSegment,
} from "./respond";
import { type Route, routeOf } from "./route";
import type { StreamWindow } from "./stream-window";
import { viewerAddress } from "./viewer-address";
import { type Outcome, wait } from "./wait";
import { WaitingLimits } from "./waiting-limits";

/** An idle connection is kept longer than a reverse proxy keeps its own, so that the proxy closes first. */
const KEEP_ALIVE_MS = 75_000;
/** Nothing sent or read for this long, a held request included: the viewer is gone. */
const SILENCE_MS = 60_000;

export type OriginServerOptions = {
  registry: OriginRegistry;
  log: Logger;
  bounds?: Partial<OriginBounds>;
};

/** What viewers hold of the origin now, for metrics. */
export type OriginLoad = { connections: number; waiting: number; refusals: OriginRefusals["counts"] };
export type OriginServer = Server & { load(): OriginLoad };

/** The public HLS origin: GET, HEAD and OPTIONS below /live. */
export function createOriginServer({ registry, log, ...options }: OriginServerOptions): OriginServer {
  const bounds = { ...defaultOriginBounds, ...options.bounds };
  const refusals = new OriginRefusals(log);
  const waiting = new WaitingLimits(bounds, refusals);
  const origin = new Origin(registry, waiting, refusals, bounds.isProxied);
  const server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      requestTimeout: bounds.requestMs,
      headersTimeout: bounds.requestMs,
      // By itself Node looks for late requests every 30 s only.
      connectionsCheckingInterval: bounds.requestMs / 10,
      noDelay: true,
    },
    (request, response) => origin.answer(request, response),
  );
  const connections = guardConnections(server, bounds, refusals);
  server.maxRequestsPerSocket = 0;
  server.setTimeout(SILENCE_MS);
  server.on("clientError", (_error, socket) => socket.destroy());
  server.on("error", (error) => log.error({ error: error.message }, "the HLS origin failed"));
  const load = () => ({ connections: connections(), waiting: waiting.waiting, refusals: refusals.counts });
  return Object.assign(server, { load });
}

class Origin {
  constructor(
    private readonly registry: OriginRegistry,
    private readonly waiting: WaitingLimits,
    private readonly refusals: OriginRefusals,
    private readonly isProxied: boolean,
  ) {}

  answer(request: IncomingMessage, response: ServerResponse): void {
    if (response.socket === null) {
      this.refusePipelined(request, response);
      return;
    }
    if (request.method === "OPTIONS") {
      respondToOptions(response);
      return;
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      respondWithError(response, 405, "method not allowed");
      return;
    }
    const url = request.url ?? "";
    const queryAt = url.indexOf("?");
    const route = routeOf(queryAt < 0 ? url : url.slice(0, queryAt));
    if (route.kind === "unknown") respondWithError(response, 404, "not found");
    else if (route.kind === "multivariant") this.answerMultivariant(request, response, route.handle);
    else this.answerChild(request, response, route, queryAt < 0 ? "" : url.slice(queryAt + 1));
  }

  /**
   * Asked before the answer to the one before was out. No player does; a kilobyte of such requests would hold a hundred answers,
   * and Node tells nobody when the viewer of a queued one has gone. The client asks again (RFC 9112 9.3.2).
   */
  private refusePipelined(request: IncomingMessage, response: ServerResponse): void {
    this.refusals.note("pipelined", viewerAddress(request, this.isProxied));
    response.shouldKeepAlive = false;
    respondWithError(response, 503, "one request at a time on a connection");
  }

  private answerMultivariant(request: IncomingMessage, response: ServerResponse, handle: string): void {
    const playlist = this.registry.multivariant(handle);
    if (playlist) respondWithPlaylist(request, response, playlist);
    else respondWithError(response, 404, "this channel is not live");
  }

  private answerChild(
    request: IncomingMessage,
    response: ServerResponse,
    route: Exclude<Route, { kind: "unknown" | "multivariant" }>,
    query: string,
  ): void {
    const playback = this.registry.playback(route.handle, route.playbackId);
    if (!playback) {
      respondWithError(response, 404, "this broadcast is over");
      return;
    }
    const { window } = playback;
    switch (route.kind) {
      case "media-playlist":
        this.answerMediaPlaylist(request, response, playback, query);
        return;
      case "part":
        this.hold(
          response,
          window,
          () => resolvePart(window, route.msn, route.partIndex),
          () => {
            const bytes = window.part(route.msn, route.partIndex);
            if (bytes) respondWithBytes(request, response, [bytes], bytes.length);
          },
        );
        return;
      case "segment":
        this.hold(
          response,
          window,
          () => resolveSegment(window, route.msn),
          () => {
            const segment = window.segment(route.msn);
            if (segment) respondWithSegment(request, response, segment);
          },
        );
        return;
      case "init": {
        const bytes = window.init(route.initId);
        if (bytes) respondWithBytes(request, response, [bytes], bytes.length);
        else respondWithError(response, 404, "not found");
      }
    }
  }

  private answerMediaPlaylist(
    request: IncomingMessage,
    response: ServerResponse,
    { window }: Playback,
    query: string,
  ): void {
    const reload = parseReload(query);
    if (!reload) {
      respondWithError(response, 400, "malformed _HLS_ parameters");
      return;
    }
    window.countReload(reload.target !== null);
    this.hold(
      response,
      window,
      () => resolveReload(window, reload.target),
      () => respondWithPlaylist(request, response, window.playlist(reload.isDelta)),
    );
  }

  /** Answers now, or at the change of the window that makes the answer possible. */
  private hold(response: ServerResponse, window: StreamWindow, resolve: () => Verdict, ready: () => void): void {
    const finish = (outcome: Outcome) => {
      if (outcome === "ready") ready();
      else if (outcome === "not-found") respondWithError(response, 404, "not found");
      else if (outcome === "bad-request") respondWithError(response, 400, "too far ahead");
      else respondWithError(response, 503, "nothing new came in time");
    };
    const verdict = resolve();
    if (verdict !== "wait") {
      finish(verdict);
      return;
    }
    const place = this.waiting.enter(response.req);
    if (place.kind === "refused") {
      respondWithError(response, 503, place.error);
      return;
    }
    const cancel = wait(window, resolve, (outcome) => {
      place.leave();
      finish(outcome);
    });
    response.once("close", () => {
      place.leave();
      cancel();
    });
  }
}
