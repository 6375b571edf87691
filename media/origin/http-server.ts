import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Logger } from "pino";
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
import { type Outcome, wait } from "./wait";

/** An idle connection is kept longer than a reverse proxy keeps its own, so that the proxy closes first. */
const KEEP_ALIVE_MS = 75_000;
/** Nothing sent or read for this long, a held request included: the viewer is gone. */
const SILENCE_MS = 60_000;
const MAX_WAITING = 20_000;

export type OriginServerOptions = { registry: OriginRegistry; log: Logger };

/** The public HLS origin: GET, HEAD and OPTIONS below /live. */
export function createOriginServer({ registry, log }: OriginServerOptions): Server {
  const origin = new Origin(registry);
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 10_000, headersTimeout: 10_000, noDelay: true },
    (request, response) => origin.answer(request, response),
  );
  server.maxRequestsPerSocket = 0;
  server.setTimeout(SILENCE_MS);
  server.on("clientError", (_error, socket) => socket.destroy());
  server.on("error", (error) => log.error({ error: error.message }, "the HLS origin failed"));
  return server;
}

class Origin {
  private waiting = 0;

  constructor(private readonly registry: OriginRegistry) {}

  answer(request: IncomingMessage, response: ServerResponse): void {
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
    if (this.waiting >= MAX_WAITING) {
      respondWithError(response, 503, "too many requests are waiting");
      return;
    }
    this.waiting++;
    const cancel = wait(window, resolve, finish);
    response.once("close", () => {
      this.waiting--;
      cancel();
    });
  }
}
