import type { RejectReason } from "@/lib/media-contract/reasons";
import type { Publisher, PublisherHandlers, PublisherLeft, RtmpMessage } from "@/media/ingest/publisher";
import { type FlvTag, recordedTags } from "./flv-tags";

const types = { 8: "audio", 9: "video", 18: "data" } as const;

export const messageOf = ({ type, timestampMs, payload }: FlvTag, shiftMs = 0): RtmpMessage => ({
  type: types[type],
  timestampMs: timestampMs + shiftMs,
  payload,
});

/** Four seconds of picture and sound, sequence headers first, then the frames. */
export const recording: RtmpMessage[] = recordedTags("h264-aac-4s.flv").map((tag) => messageOf(tag));

/** A publisher without a socket, and what was done to it. */
export class FakePublisher implements Publisher {
  readonly application = "live";
  readonly streamKey = "live_key";
  readonly remoteAddress = "192.0.2.1";
  readonly encoder = "test";
  receivedBytes = 0;
  state: "pending" | "accepted" | `rejected ${RejectReason}` | `disconnected ${string}` = "pending";
  private handlers: PublisherHandlers | null = null;

  constructor(readonly id = "publisher") {}

  handle(handlers: PublisherHandlers): void {
    this.handlers = handlers;
  }

  accept(): void {
    if (this.state === "pending") this.state = "accepted";
  }

  reject(reason: RejectReason): void {
    this.state = `rejected ${reason}`;
  }

  /** As a socket that is destroyed: its end comes a moment later. */
  disconnect(detail: string): void {
    this.state = `disconnected ${detail}`;
    queueMicrotask(() => this.leave("disconnected", detail));
  }

  send(...messages: RtmpMessage[]): void {
    for (const message of messages) {
      this.receivedBytes += message.payload.length;
      this.handlers?.message(message);
    }
  }

  leave(kind: PublisherLeft["kind"], detail = ""): void {
    this.handlers?.left({ kind, detail });
  }
}
