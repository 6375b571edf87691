import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Logger } from "pino";
import { RTMP_APPLICATION } from "@/lib/media-contract/playback-url";
import { type RejectReason, rejectDescriptions } from "@/lib/media-contract/reasons";
import { plainAddress } from "../address/remote-address";
import { BitRateLimit } from "./bit-rate-limit";
import { ConnectionDeadlines, type MissedDeadline } from "./connection-deadlines";
import { ConnectionPublisher } from "./connection-publisher";
import type { CutReason, IngestLimits } from "./ingest-config";
import type { IngestCounters } from "./ingest-counters";
import { ProtocolError } from "./protocol-error";
import type { Publisher, PublisherLeft } from "./publisher";
import { type PublishRequest, RtmpSession, type SessionStep } from "./rtmp-session";

export type ConnectionSurroundings = {
  limits: IngestLimits;
  log: Logger;
  counters: IngestCounters;
  onPublishRequested(publisher: Publisher): void;
};

/** A peer that asks and never reads the answers is cut off when this much waits for it. */
const MAX_UNREAD_BYTES = 256 * 1024;

/** The bit rate counts a chunk as this many bytes at the least, RTMP's own chunk size: tiny ones cost as much work as these. */
const LEAST_CHUNK_BYTES = 128;

const cutReasons = {
  handshake: "no-handshake",
  "connect command": "no-connect-command",
  "publish command": "no-publish-command",
  verdict: "no-verdict",
  media: "no-media",
  farewell: "no-farewell",
} as const satisfies Record<MissedDeadline, CutReason>;

/** One RTMP peer: its socket, its session, its deadlines. The only place where a hostile peer's errors are caught. */
export class RtmpConnection {
  readonly id = randomUUID();
  readonly remoteAddress: string;
  receivedBytes = 0;
  private step: SessionStep = "handshake";
  private isClosing = false;
  private publisher: ConnectionPublisher | null = null;
  private readonly session: RtmpSession;
  private readonly deadlines: ConnectionDeadlines;
  private readonly bitRate: BitRateLimit;
  private readonly log: Logger;

  constructor(
    private readonly socket: Socket,
    private readonly surroundings: ConnectionSurroundings,
  ) {
    this.remoteAddress = plainAddress(socket.remoteAddress);
    this.log = surroundings.log.child({ connection: this.id, remoteAddress: this.remoteAddress });
    this.bitRate = new BitRateLimit(surroundings.limits.maxPublishKbps, performance.now());
    this.deadlines = new ConnectionDeadlines(surroundings.limits, (missed) => this.onDeadline(missed));
    this.session = new RtmpSession({
      output: (bytes) => this.socket.write(bytes),
      stepReached: (step) => this.onStep(step),
      publishRequested: (request) => this.onPublishRequest(request),
      message: (message) => {
        if (message.type !== "data") this.deadlines.mediaArrived();
        this.publisher?.deliver(message);
      },
      stopped: () => this.leave({ kind: "stopped", detail: "the encoder ended the broadcast" }),
    });
    this.listen();
  }

  /** Sends `NetStream.Publish.Start`. No effect unless a publish request waits. */
  accept(): void {
    if (this.isClosing || this.step !== "verdict") return;
    this.session.acceptPublish();
    this.surroundings.counters.counts.publishersAccepted++;
    this.log.info({ encoder: this.publisher?.encoder ?? null }, "publisher accepted");
  }

  /** Sends the refusal, then closes: OBS waits for 31 s on a connection that stays open. */
  reject(reason: RejectReason): void {
    if (this.isClosing || this.step !== "verdict") return;
    this.session.refusePublish(rejectDescriptions[reason]);
    this.surroundings.counters.refused(reason);
    this.finish({ kind: "disconnected", detail: reason }, "publisher refused");
    this.sayGoodbye();
  }

  /** Ends the connection now; anything not yet read by either side is lost. */
  cut(detail: string): void {
    this.finish({ kind: "disconnected", detail }, this.publisher ? "publisher disconnected" : "connection cut off");
    this.destroy();
  }

  private listen(): void {
    const { socket } = this;
    socket.on("data", (data) => this.onData(data));
    socket.on("end", () => this.leave({ kind: "lost", detail: "the connection ended" }));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      this.finish({ kind: "lost", detail: error.code ?? "the connection failed" }, "connection ended");
    });
    socket.on("close", () => {
      this.finish({ kind: "lost", detail: "the connection closed" }, "connection ended");
      this.deadlines.stop();
    });
  }

  private onData(data: Buffer): void {
    this.receivedBytes += data.length;
    this.surroundings.counters.counts.receivedBytes += data.length;
    if (this.isClosing) return;
    try {
      const chunksBefore = this.session.chunkCount;
      this.session.receive(data);
      this.charge(Math.max(data.length, (this.session.chunkCount - chunksBefore) * LEAST_CHUNK_BYTES));
      if (this.socket.writableLength > MAX_UNREAD_BYTES) throw new ProtocolError("output-not-read");
    } catch (error) {
      this.onFault(error);
    }
  }

  /** Cuts off who sends more than anybody honest does. */
  private charge(costBytes: number): void {
    const { limits } = this.surroundings;
    const isOverBitRate = !this.bitRate.add(costBytes, performance.now());
    if (isOverBitRate) this.cutAt("bit-rate-exceeded");
    const isPublishing = this.step === "publishing" || this.step === "over";
    if (!isPublishing && this.receivedBytes > limits.maxBytesBeforePublishing) this.cutAt("too-much-before-publishing");
  }

  private cutAt(limit: "bit-rate-exceeded" | "too-much-before-publishing"): void {
    if (this.isClosing) return;
    this.surroundings.counters.cut(limit);
    this.cut(limit);
  }

  private onFault(error: unknown): void {
    const code = error instanceof ProtocolError ? error.code : "internal-error";
    if (code === "internal-error") this.log.error({ err: error }, "a connection's bytes could not be handled");
    this.surroundings.counters.protocolError(code);
    this.finish({ kind: "lost", detail: code }, "connection broke the protocol");
    if (code === "play-refused") this.sayGoodbye();
    else this.destroy();
  }

  private onStep(step: SessionStep): void {
    this.step = step;
    this.deadlines.stepReached(step);
  }

  private onPublishRequest(request: PublishRequest): void {
    this.publisher = new ConnectionPublisher(this, request);
    if (request.application !== RTMP_APPLICATION) this.reject("wrong-application");
    else if (!this.publisher.hasPlausibleKey) this.reject("unknown-key");
    else this.surroundings.onPublishRequested(this.publisher);
  }

  private onDeadline(missed: MissedDeadline): void {
    this.surroundings.counters.cut(cutReasons[missed]);
    if (!this.isClosing && missed === "verdict") {
      this.reject("portal-unreachable");
      return;
    }
    this.finish({ kind: "lost", detail: `no ${missed} in time` }, "connection ended");
    this.destroy();
  }

  private leave(how: PublisherLeft): void {
    this.finish(how, this.publisher ? "publisher left" : "connection ended");
    this.sayGoodbye();
  }

  /** Once a connection: the one log line of its end, and the publisher's `left`. */
  private finish(how: PublisherLeft, line: string): void {
    if (this.isClosing) return;
    this.isClosing = true;
    this.session.end();
    this.deadlines.stop();
    this.log.info({ how: how.kind, reason: how.detail, receivedBytes: this.receivedBytes }, line);
    this.publisher?.leave(how);
  }

  /** FIN behind what is written, then the end whatever the peer does. What still arrives is read and dropped, or a reset would overtake the answer. */
  private sayGoodbye(): void {
    if (this.socket.destroyed) return;
    this.socket.end();
    this.deadlines.goodbye();
  }

  private destroy(): void {
    this.deadlines.stop();
    // A reset tells the encoder at once; over TLS there is no such thing.
    if (this.socket instanceof TLSSocket) this.socket.destroy();
    else this.socket.resetAndDestroy();
  }
}
