import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { FlvTag } from "./flv-tags";
import { type AmfValue, amf0, chunked, connectValues, handshake, setChunkSize } from "./rtmp-bytes";
import { RtmpReplies } from "./rtmp-replies";

export type RtmpEncoderOptions = {
  port: number;
  host?: string;
  /** Where it comes from, as another address of the loopback. */
  localAddress?: string;
  /** RTMPS, whatever the certificate. */
  tls?: boolean;
  application?: string;
  /** OBS sends 4096. */
  chunkSize?: number;
  /** OBS and ffmpeg take no notice of a FIN from the server. Default true; RTMPS always answers it. */
  ignoreFin?: boolean;
  extendedTimestamps?: "everywhere" | "first-chunk-only";
};

export type PublishOutcome =
  | { kind: "accepted" }
  | { kind: "refused"; code: string; description: string }
  | { kind: "closed" };

/** A small RTMP publisher for tests: makes its own bytes, in the order in which OBS sends its messages, and can misbehave. */
export class RtmpEncoder {
  readonly replies = new RtmpReplies();
  /** The server has ended the connection, by FIN or by reset. */
  readonly ended: Promise<void>;
  private readonly chunkSize: number;

  private constructor(
    readonly socket: Socket,
    private readonly options: RtmpEncoderOptions,
  ) {
    this.chunkSize = options.chunkSize ?? 4096;
    socket.on("data", (data) => this.replies.read(data));
    socket.on("error", () => this.replies.close());
    socket.on("close", () => this.replies.close());
    this.ended = new Promise((resolve) => {
      socket.once("end", resolve);
      socket.once("close", () => resolve());
    });
    this.ended.then(() => this.replies.close());
  }

  /** Opens the connection only. */
  static async open(options: RtmpEncoderOptions): Promise<RtmpEncoder> {
    const { port, host = "127.0.0.1", ignoreFin = true, localAddress } = options;
    const socket = options.tls
      ? connectTls({ port, host, rejectUnauthorized: false })
      : connectTcp({ port, host, localAddress, allowHalfOpen: ignoreFin });
    await once(socket, options.tls ? "secureConnect" : "connect");
    return new RtmpEncoder(socket, options);
  }

  /** Opens a connection and asks to publish. */
  static async publish(
    options: RtmpEncoderOptions,
    streamKey: string,
  ): Promise<{ encoder: RtmpEncoder; outcome: PublishOutcome }> {
    const encoder = await RtmpEncoder.open(options);
    return { encoder, outcome: await encoder.askToPublish(streamKey) };
  }

  async askToPublish(streamKey: string): Promise<PublishOutcome> {
    this.sendRaw(handshake());
    this.sendRaw(setChunkSize(this.chunkSize));
    this.sendCommand(0, ...connectValues(this.options.application));
    this.sendCommand(0, "releaseStream", 2, null, streamKey);
    this.sendCommand(0, "FCPublish", 3, null, streamKey);
    this.sendCommand(0, "createStream", 4, null);
    this.sendCommand(1, "publish", 5, null, streamKey, "live");
    const status = await this.replies.nextStatus();
    if (status === null) return { kind: "closed" };
    if (status.code === "NetStream.Publish.Start") return { kind: "accepted" };
    return { kind: "refused", ...status };
  }

  sendCommand(streamId: number, ...values: AmfValue[]): void {
    this.sendRaw(chunked({ type: 20, payload: amf0(...values), streamId, chunkSize: this.chunkSize }));
  }

  /** @param shiftMs is added to the tag's time, as when a recording is repeated */
  sendTag(tag: FlvTag, shiftMs = 0): void {
    this.sendRaw(
      chunked({
        type: tag.type,
        payload: tag.payload,
        timestampMs: (tag.timestampMs + shiftMs) % 2 ** 32,
        chunkStreamId: tag.type === 9 ? 6 : 4,
        streamId: 1,
        chunkSize: this.chunkSize,
        extendedTimestamps: this.options.extendedTimestamps ?? "everywhere",
      }),
    );
  }

  sendRaw(bytes: Buffer): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  /** As OBS ends a broadcast: FCUnpublish, deleteStream, FIN. */
  stop(streamKey: string): void {
    this.sendCommand(0, "FCUnpublish", 6, null, streamKey);
    this.sendCommand(0, "deleteStream", 7, null, 1);
    this.socket.end();
  }

  /** As when the cable is pulled and the system cleans up: no goodbye. */
  drop(): void {
    this.socket.destroy();
  }
}
