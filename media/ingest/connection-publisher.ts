import type { RejectReason } from "@/lib/media-contract/reasons";
import type { Publisher, PublisherHandlers, PublisherLeft, RtmpMessage } from "./publisher";
import type { RtmpConnection } from "./rtmp-connection";
import type { PublishRequest } from "./rtmp-session";

const MAX_KEY_LENGTH = 255;

/** The publisher that a connection has become: what the rest of media sees of it. */
export class ConnectionPublisher implements Publisher {
  private handlers: PublisherHandlers | null = null;
  private end: PublisherLeft | null = null;

  constructor(
    private readonly connection: RtmpConnection,
    private readonly request: PublishRequest,
  ) {}

  get id(): string {
    return this.connection.id;
  }

  get application(): string {
    return this.request.application;
  }

  get streamKey(): string {
    return this.request.streamKey;
  }

  get remoteAddress(): string {
    return this.connection.remoteAddress;
  }

  get encoder(): string | null {
    return this.request.encoder;
  }

  get receivedBytes(): number {
    return this.connection.receivedBytes;
  }

  /** Whether it is worth asking about the key at all. */
  get hasPlausibleKey(): boolean {
    return this.streamKey.length > 0 && this.streamKey.length <= MAX_KEY_LENGTH;
  }

  /** Should the publisher have left already, `left` comes right after this call. */
  handle(handlers: PublisherHandlers): void {
    this.handlers = handlers;
    const { end } = this;
    if (end) queueMicrotask(() => handlers.left(end));
  }

  accept(): void {
    this.connection.accept();
  }

  reject(reason: RejectReason): void {
    this.connection.reject(reason);
  }

  disconnect(detail: string): void {
    this.connection.cut(detail);
  }

  deliver(message: RtmpMessage): void {
    this.handlers?.message(message);
  }

  leave(how: PublisherLeft): void {
    this.end = how;
    this.handlers?.left(how);
  }
}
