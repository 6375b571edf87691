import type { RejectReason } from "@/lib/media-contract/reasons";

/** One RTMP audio, video or data message (RTMP 1.0 section 7.1). The payload is this message's own copy. */
export type RtmpMessage = {
  type: "audio" | "video" | "data";
  /** As on the wire: 32 bits, wraps after 49.7 days, may jump. */
  timestampMs: number;
  payload: Buffer;
};

/** `stopped`: the encoder said goodbye (FCUnpublish, deleteStream). `lost`: the connection ended without it. `disconnected`: we cut it. */
export type PublisherLeft = { kind: "stopped" | "lost" | "disconnected"; detail: string };

export type PublisherHandlers = {
  message(message: RtmpMessage): void;
  left(how: PublisherLeft): void;
};

/** An RTMP peer that has asked to publish. Nothing is answered before `accept` or `reject`; each takes effect once. */
export type Publisher = {
  readonly id: string;
  readonly application: string;
  readonly streamKey: string;
  readonly remoteAddress: string;
  /** `flashVer` of the connect command, printable characters only. */
  readonly encoder: string | null;
  /** Bytes received on the connection so far. */
  readonly receivedBytes: number;
  /** Where messages and the end go from now on. Messages that came before are not repeated. */
  handle(handlers: PublisherHandlers): void;
  /** Sends `NetStream.Publish.Start`. */
  accept(): void;
  /** Sends a status that OBS stops at, then closes. */
  reject(reason: RejectReason): void;
  /** Destroys the socket: encoders ignore every polite way (FIN, status). */
  disconnect(detail: string): void;
};
