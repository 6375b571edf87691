import { connect, type Socket } from "node:net";

export type HttpAnswer = {
  status: number;
  /** Wall clock at the head's arrival and at the last byte's, in ms with fractions, comparable between processes. */
  headMs: number;
  doneMs: number;
  sizeBytes: number;
  isGzip: boolean;
  /** Null where the body was not asked for. */
  body: Buffer | null;
};

type Pending = {
  wantsBody: boolean;
  resolve(answer: HttpAnswer): void;
  reject(error: Error): void;
  sentMs: number;
};

type Head = { status: number; lengthBytes: number; isGzip: boolean; atMs: number; isLast: boolean };

const CONNECT_TIMEOUT_MS = 10_000;
/** A held reload is answered within three target durations. */
const ANSWER_TIMEOUT_MS = 20_000;
const MOST_HEAD_BYTES = 16_384;
const END_OF_HEAD = Buffer.from("\r\n\r\n");

/** All connections of a process read into one buffer: what is not kept is copied nowhere. */
const shared = Buffer.allocUnsafeSlow(256 * 1024);

const wallClockMs = () => performance.timeOrigin + performance.now();

/**
 * One keep-alive HTTP/1.1 connection, a request at a time, as cheap as Node can: the general client saturates a core at
 * some 1,500 requests a second, and then it would measure itself. Reads answers with a Content-Length only.
 */
export class HttpConnection {
  private socket: Socket | null = null;
  private pending: Pending | null = null;
  private headBytes: Buffer | null = null;
  private head: Head | null = null;
  private bodyParts: Buffer[] = [];
  private bodyBytes = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly host: string,
    private readonly port: number,
  ) {
    this.timer = setInterval(() => {
      if (this.pending && wallClockMs() - this.pending.sentMs > ANSWER_TIMEOUT_MS) this.fail(new Error("no answer"));
    }, 1_000);
  }

  /** @throws Error when the connection breaks, or no answer comes within 20 s */
  get(path: string, wantsBody: boolean): Promise<HttpAnswer> {
    if (this.pending) throw new Error("one request at a time");
    return new Promise((resolve, reject) => {
      this.pending = { wantsBody, resolve, reject, sentMs: wallClockMs() };
      const encoding = wantsBody ? "Accept-Encoding: gzip\r\n" : "";
      const request = `GET ${path} HTTP/1.1\r\nHost: ${this.host}:${this.port}\r\n${encoding}User-Agent: bench\r\n\r\n`;
      this.socket ??= this.open();
      this.socket.write(request, "latin1");
    });
  }

  close(): void {
    clearInterval(this.timer);
    this.fail(new Error("closed"));
    this.socket?.destroy();
    this.socket = null;
  }

  private open(): Socket {
    const socket = connect({
      host: this.host,
      port: this.port,
      noDelay: true,
      timeout: CONNECT_TIMEOUT_MS,
      onread: {
        buffer: shared,
        callback: (sizeBytes: number) => {
          this.read(shared.subarray(0, sizeBytes));
          return true;
        },
      },
    });
    socket.on("connect", () => socket.setTimeout(0));
    socket.on("timeout", () => socket.destroy(new Error("no connection")));
    socket.on("error", (error) => this.lost(socket, error));
    socket.on("close", () => this.lost(socket, new Error("connection closed")));
    return socket;
  }

  private lost(socket: Socket, error: Error): void {
    if (this.socket !== socket) return;
    this.socket = null;
    this.fail(error);
  }

  private fail(error: Error): void {
    const { pending, socket } = this;
    this.reset();
    if (!pending) return;
    this.socket = null;
    socket?.destroy();
    pending.reject(error);
  }

  private reset(): void {
    this.pending = null;
    this.head = null;
    this.headBytes = null;
    this.bodyParts = [];
    this.bodyBytes = 0;
  }

  private read(bytes: Buffer): void {
    if (!this.head) {
      const all = this.headBytes ? Buffer.concat([this.headBytes, bytes]) : bytes;
      const end = all.indexOf(END_OF_HEAD);
      if (end < 0) {
        if (all.length > MOST_HEAD_BYTES) this.fail(new Error("a head without an end"));
        else this.headBytes = Buffer.from(all);
        return;
      }
      this.head = readHead(all.toString("latin1", 0, end));
      if (!this.head) {
        this.fail(new Error("an answer without Content-Length"));
        return;
      }
      this.take(all.subarray(end + END_OF_HEAD.length));
    } else this.take(bytes);
  }

  private take(bytes: Buffer): void {
    const { head, pending } = this;
    if (!head || !pending) return;
    if (pending.wantsBody && bytes.length > 0) this.bodyParts.push(Buffer.from(bytes));
    this.bodyBytes += bytes.length;
    if (this.bodyBytes < head.lengthBytes) return;
    const { status, isGzip, atMs: headMs } = head;
    const body = pending.wantsBody ? Buffer.concat(this.bodyParts) : null;
    const answer = { status, headMs, doneMs: wallClockMs(), sizeBytes: this.bodyBytes, isGzip, body };
    this.reset();
    if (head.isLast) {
      this.socket?.destroy();
      this.socket = null;
    }
    pending.resolve(answer);
  }
}

/** Null for one that can't be read without Content-Length. */
function readHead(text: string): Head | null {
  const status = Number(text.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  if (length === undefined && status !== 204) return null;
  return {
    status,
    lengthBytes: Number(length ?? 0),
    isGzip: /\r\ncontent-encoding: *gzip/i.test(text),
    isLast: /\r\nconnection: *close/i.test(text),
    atMs: wallClockMs(),
  };
}
