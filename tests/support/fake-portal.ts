import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type OnPublishAnswer,
  onPublishEndRequestSchema,
  onPublishRequestSchema,
  onUpdateRequestSchema,
} from "@/lib/media-contract/publish-calls";
import { SIGNATURE_HEADER, SignatureVerifier } from "@/lib/media-contract/signature";

/** A portal for media alone: lets `live_HANDLE` publish to HANDLE, continues its session, renews every lease. */
export class FakePortal {
  /** `handle reason`, in the order of the reports. */
  readonly ends: string[] = [];
  leaseSeconds = 60;
  private readonly sessions = new Map<string, { liveSessionId: string; publishNumber: number }>();
  private readonly verifier: SignatureVerifier;
  private readonly server: Server;

  private constructor(secret: string) {
    this.verifier = new SignatureVerifier(secret);
    this.server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks).toString();
      const path = request.url ?? "";
      const header = request.headers[SIGNATURE_HEADER];
      const verdict = this.verifier.verify(String(header), { method: "POST", path, body }, Date.now());
      response.writeHead(verdict.kind === "valid" ? 200 : 401, { "content-type": "application/json" });
      const answer =
        verdict.kind === "valid" ? this.answer(path, JSON.parse(body)) : { error: `signature-${verdict.fault}` };
      response.end(JSON.stringify(answer));
    });
  }

  static async start(secret: string): Promise<FakePortal> {
    const portal = new FakePortal(secret);
    portal.server.listen(0, "127.0.0.1");
    await once(portal.server, "listening");
    return portal;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private answer(path: string, body: unknown): unknown {
    if (path.endsWith("/on-publish")) return this.onPublish(onPublishRequestSchema.parse(body).streamKey);
    if (path.endsWith("/on-update")) {
      const { sessions } = onUpdateRequestSchema.parse(body);
      const { leaseSeconds } = this;
      return { sessions: sessions.map(({ liveSessionId }) => ({ kind: "continue", liveSessionId, leaseSeconds })) };
    }
    return this.onEnd(body);
  }

  private onPublish(streamKey: string): OnPublishAnswer {
    const handle = /^live_([a-z0-9_]+)$/.exec(streamKey)?.[1];
    if (!handle) return { kind: "rejected", reason: "unknown-key", description: "unknown" };
    const session = this.sessions.get(handle) ?? { liveSessionId: randomUUID(), publishNumber: 0 };
    session.publishNumber++;
    this.sessions.set(handle, session);
    return { kind: "accepted", ...session, handle, leaseSeconds: this.leaseSeconds };
  }

  private onEnd(body: unknown): unknown {
    const { liveSessionId, reason } = onPublishEndRequestSchema.parse(body);
    for (const [handle, session] of this.sessions) {
      if (session.liveSessionId !== liveSessionId) continue;
      this.sessions.delete(handle);
      this.ends.push(`${handle} ${reason}`);
      return { kind: "ended" };
    }
    return { kind: "already-ended" };
  }
}
