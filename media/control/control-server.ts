import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Logger } from "pino";
import { type DisconnectAnswer, disconnectRequestSchema } from "@/lib/media-contract/control-calls";
import { SIGNATURE_HEADER, SignatureVerifier } from "@/lib/media-contract/signature";
import type { LiveRegistry } from "../live/live-registry";

const MOST_BODY_BYTES = 16_384;
/** A call is whole by then, or cut; Node looks that often, by itself only every 30 s. */
const CALL_MS = 5_000;
const CHECK_MS = 500;
/** The portal and a few probes. */
const MOST_CONNECTIONS = 256;

export type ControlServerOptions = {
  secret: string;
  registry: Pick<LiveRegistry, "disconnect" | "reports">;
  /** Text of GET /metrics, in Prometheus' format. */
  metrics(): string;
  log: Logger;
  /** How long a call may take to come. */
  callMs?: number;
};

/** Media's private API: for the portal (signed) and for probes (health and metrics). Never on a public port. */
export function createControlServer(options: ControlServerOptions): Server {
  const control = new Control(options);
  const callMs = options.callMs ?? CALL_MS;
  const deadlines = { requestTimeout: callMs, headersTimeout: callMs, connectionsCheckingInterval: CHECK_MS };
  const server = createServer(deadlines, (request, response) => {
    control.answer(request, response).catch((error: Error) => {
      options.log.error({ error: error.message }, "a control call failed");
      response.destroy();
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.setTimeout(10_000);
  return server;
}

class Control {
  private readonly verifier: SignatureVerifier;

  constructor(private readonly options: ControlServerOptions) {
    this.verifier = new SignatureVerifier(options.secret);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = `${request.method} ${request.url}`;
    if (call === "GET /healthz") respond(response, 200, { status: "ok" });
    else if (call === "GET /metrics") respondWithText(response, this.options.metrics());
    else await this.answerSigned(call, request, response);
  }

  private async answerSigned(call: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Before reading anything: who doesn't even claim to be the portal costs nothing.
    if (!request.headers[SIGNATURE_HEADER]) {
      refuseUnread(response, 401, "missing");
      return;
    }
    const body = await readBody(request);
    if (body === null) {
      refuseUnread(response, 413, "too large");
      return;
    }
    const signed = { method: request.method ?? "", path: request.url ?? "", body };
    const header = request.headers[SIGNATURE_HEADER];
    const verdict = this.verifier.verify(typeof header === "string" ? header : null, signed, Date.now());
    if (verdict.kind === "invalid") {
      const { remoteAddress } = request.socket;
      if (verdict.fault === "stale") {
        const aheadSeconds = Math.round(verdict.aheadMs / 1000);
        this.options.log.warn(
          { remoteAddress, aheadSeconds },
          "control call refused: the clocks of portal and media differ, set both right",
        );
      } else this.options.log.warn({ fault: verdict.fault, remoteAddress }, "control call refused");
      respond(response, 401, { error: verdict.fault });
    } else if (call === "POST /disconnect") this.disconnect(body, response);
    else if (call === "GET /sessions") respond(response, 200, { sessions: this.options.registry.reports() });
    else respond(response, 404, { error: "not found" });
  }

  private disconnect(body: string, response: ServerResponse): void {
    const request = disconnectRequestSchema.safeParse(parseJson(body));
    if (!request.success) {
      respond(response, 400, { error: "malformed" });
      return;
    }
    const answer: DisconnectAnswer = {
      kind: this.options.registry.disconnect(request.data.liveSessionId, request.data.reason),
    };
    respond(response, 200, answer);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // refused by the schema that reads it
  }
}

/** Null when it is larger than any call is; the rest is left unread, and the connection whole for the answer. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Answers without what the caller still has to say. */
function refuseUnread(response: ServerResponse, status: number, error: string): void {
  response.shouldKeepAlive = false;
  respond(response, status, { error });
}

function respond(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "cache-control": "no-store",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

function respondWithText(response: ServerResponse, text: string): void {
  response.writeHead(200, { "content-type": "text/plain; version=0.0.4", "cache-control": "no-store" });
  response.end(text);
}
