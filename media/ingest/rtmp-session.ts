import Rtmp from "node-media-server/src/protocol/rtmp.js";
import { type ChunkedMessage, ChunkReader } from "./chunk-reader";
import { ProtocolError } from "./protocol-error";
import type { RtmpMessage } from "./publisher";
import { type RtmpCommand, readCommand } from "./rtmp-command";

/** How far a peer has come. Each step has its deadline in `rtmp-connection.ts`. */
export type SessionStep = "handshake" | "connect" | "publish" | "verdict" | "publishing" | "over";

export type PublishRequest = { application: string; streamKey: string; encoder: string | null };

export type RtmpSessionEvents = {
  /** Bytes for the peer. */
  output(bytes: Buffer): void;
  stepReached(step: SessionStep): void;
  publishRequested(request: PublishRequest): void;
  message(message: RtmpMessage): void;
  /** The encoder said goodbye. */
  stopped(): void;
};

const KILOBYTE = 1024;
const MEGABYTE = 1024 * KILOBYTE;

/** What one peer may make us hold. */
export const sessionBounds = { maxInFlightBytes: 12 * MEGABYTE, maxChunkStreams: 64, maxMessageBytes };

/** ffmpeg takes the server's chunk size for its own: as large as this, nearly every message is one chunk. */
const OUT_CHUNK_SIZE = 65_536;
const WINDOW_BYTES = 2_500_000;
const SMALLEST_WINDOW_BYTES = 4096;
const DYNAMIC_LIMIT = 2;

/**
 * One RTMP peer, without its socket: bytes in, events out. Drives node-media-server's handshake and answers, and decides everything else itself:
 * chunks, commands, when publishing starts.
 */
export class RtmpSession extends Rtmp {
  private step: SessionStep = "handshake";
  private application = "";
  private encoder: string | null = null;
  private receivedBytes = 0;
  private acknowledgedBytes = 0;
  private windowBytes = WINDOW_BYTES;
  private readonly chunks = new ChunkReader(sessionBounds, (message) => this.onChunkedMessage(message));

  constructor(private readonly events: RtmpSessionEvents) {
    super();
    this.onOutputCallback = (bytes) => events.output(bytes);
  }

  /** Memory held for messages that are not whole yet. */
  get inFlightBytes(): number {
    return this.chunks.inFlightBytes;
  }

  /** Chunks begun so far. */
  get chunkCount(): number {
    return this.chunks.chunkCount;
  }

  /** @throws ProtocolError when the peer breaks the protocol or a bound: it must be cut off then */
  receive(data: Buffer): void {
    if (this.step === "over" || data.length === 0) return;
    this.receivedBytes += data.length;
    if (this.handshakeState === 3) this.chunks.read(data);
    else this.receiveHandshake(data);
    this.acknowledge();
  }

  /** Answers the publish request with `NetStream.Publish.Start`. No effect unless one is waiting. */
  acceptPublish(): void {
    if (this.step !== "verdict") return;
    this.sendStatusMessage(this.streamId, "status", "NetStream.Publish.Start", "Publishing.");
    this.reach("publishing");
  }

  /** Answers the publish request with the status that OBS stops at; ffmpeg prints the description (ASCII). */
  refusePublish(description: string): void {
    if (this.step !== "verdict") return;
    this.sendStatusMessage(this.streamId, "error", "NetStream.Publish.BadName", description);
    this.reach("over");
  }

  /** Nothing is read or said from now on, what is left of the present read included. */
  end(): void {
    this.reach("over");
  }

  override chunkRead(data: Buffer, offset: number): null {
    this.reach("connect");
    this.chunks.read(data, offset);
    return null;
  }

  private receiveHandshake(data: Buffer): void {
    // C0: 3 is RTMP; anything else is TLS, HTTP or a scanner (section 5.2.2).
    if (this.handshakeState === 0 && data[0] !== 3) throw new ProtocolError("handshake-version");
    this.parserData(data);
    if (this.handshakeState === 3 && this.step === "handshake") this.reach("connect");
  }

  private reach(step: SessionStep): void {
    if (this.step === step || this.step === "over") return;
    this.step = step;
    if (step === "over") this.chunks.stop();
    this.events.stepReached(step);
  }

  /** "The client or the server MUST send an acknowledgment ... after receiving bytes equal to the window size" (section 5.4.3). */
  private acknowledge(): void {
    const behindBytes = this.receivedBytes - this.acknowledgedBytes;
    if (this.step === "handshake" || behindBytes < this.windowBytes) return;
    this.acknowledgedBytes = this.receivedBytes - (behindBytes % this.windowBytes);
    this.sendACK(this.receivedBytes % 2 ** 32);
  }

  private onChunkedMessage(message: ChunkedMessage): void {
    if (this.step === "over") return;
    const { type, timestampMs, payload } = message;
    if (type === 9) this.onMedia({ type: "video", timestampMs, payload });
    else if (type === 8) this.onMedia({ type: "audio", timestampMs, payload });
    else if (type === 18) this.onMedia({ type: "data", timestampMs, payload });
    // AMF 3 messages carry a zero byte, then AMF 0.
    else if (type === 15) this.onMedia({ type: "data", timestampMs, payload: payload.subarray(1) });
    else if (type === 17) this.onCommand(readCommand(payload.subarray(1)), message.streamId);
    else if (type === 20) this.onCommand(readCommand(payload), message.streamId);
    else this.onControl(type, payload);
  }

  /** Protocol control messages (section 5.4); a publisher needs no answer to any other type. */
  private onControl(type: number, payload: Buffer): void {
    if (type === 1) this.chunks.setChunkSize(controlValue(payload, "chunk-size-malformed"));
    if (type === 2) this.chunks.abort(controlValue(payload, "control-malformed"));
    if (type === 5) this.windowBytes = Math.max(SMALLEST_WINDOW_BYTES, controlValue(payload, "control-malformed"));
  }

  private onMedia(message: RtmpMessage): void {
    if (this.step === "verdict" || this.step === "publishing") this.events.message(message);
    else if (message.type !== "data") throw new ProtocolError("media-before-publish");
  }

  private onCommand(command: RtmpCommand, streamId: number): void {
    if (this.step === "connect" && !["connect", "other"].includes(command.name)) {
      throw new ProtocolError("command-before-connect");
    }
    switch (command.name) {
      case "connect":
        this.onConnectCommand(command);
        break;
      case "createStream":
        this.respondCreateStream(command.transactionId);
        break;
      case "publish":
        this.onPublishCommand(command.streamName, streamId);
        break;
      case "unpublish":
        this.onUnpublishCommand();
        break;
      case "play":
        this.sendStatusMessage(streamId, "error", "NetStream.Play.Failed", "This server plays over HLS only.");
        throw new ProtocolError("play-refused");
      case "other":
        break;
    }
  }

  private onConnectCommand(command: RtmpCommand & { name: "connect" }): void {
    if (this.step !== "connect") throw new ProtocolError("connect-twice");
    this.application = command.application;
    this.encoder = command.encoder;
    this.objectEncoding = 0; // AMF 0, whatever the peer would like
    this.sendWindowACK(WINDOW_BYTES);
    this.setPeerBandwidth(WINDOW_BYTES, DYNAMIC_LIMIT);
    this.setChunkSize(OUT_CHUNK_SIZE);
    this.respondConnect(command.transactionId);
    this.reach("publish");
  }

  private onPublishCommand(streamName: string, streamId: number): void {
    if (this.step !== "publish") throw new ProtocolError("publish-twice");
    this.streamId = streamId;
    // OBS sends a key's query string along.
    const [streamKey = ""] = streamName.split("?", 1);
    this.reach("verdict");
    this.events.publishRequested({ application: this.application, streamKey, encoder: this.encoder });
  }

  /** Some encoders send it before they publish, to end a broadcast of theirs that may still be open. */
  private onUnpublishCommand(): void {
    if (this.step !== "verdict" && this.step !== "publishing") return;
    this.reach("over");
    this.events.stopped();
  }
}

function maxMessageBytes(type: number): number {
  if (type === 9) return 8 * MEGABYTE;
  if (type === 8) return MEGABYTE;
  return 64 * KILOBYTE;
}

function controlValue(payload: Buffer, code: "chunk-size-malformed" | "control-malformed"): number {
  if (payload.length < 4) throw new ProtocolError(code);
  return payload.readUInt32BE(0);
}
