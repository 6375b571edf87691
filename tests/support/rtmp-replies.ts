export type Status = { code: string; description: string };

const HANDSHAKE_BYTES = 1 + 2 * 1536;
const HEADER_BYTES = 12;

/** What a server answers, as far as a test encoder cares. Knows the shape in which ours answers: each message one chunk with a full header. */
export class RtmpReplies {
  /** Types of all messages so far. */
  readonly types: number[] = [];
  private bytes = Buffer.alloc(0);
  private toSkip = HANDSHAKE_BYTES;
  private readonly statuses: Status[] = [];
  private readonly waiters: ((status: Status | null) => void)[] = [];
  private isClosed = false;

  read(data: Buffer): void {
    const skipped = Math.min(this.toSkip, data.length);
    this.toSkip -= skipped;
    this.bytes = Buffer.concat([this.bytes, data.subarray(skipped)]);
    while (this.bytes.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + this.bytes.readUIntBE(4, 3);
      if (this.bytes.length < end) return;
      this.take(this.bytes.readUInt8(7), this.bytes.subarray(HEADER_BYTES, end));
      this.bytes = this.bytes.subarray(end);
    }
  }

  /** The next status of a stream; null when the connection ends first. */
  nextStatus(): Promise<Status | null> {
    const status = this.statuses.shift();
    if (status || this.isClosed) return Promise.resolve(status ?? null);
    return new Promise((resolve) => this.waiters.push(resolve));
  }

  close(): void {
    this.isClosed = true;
    for (const waiter of this.waiters.splice(0)) waiter(null);
  }

  private take(type: number, payload: Buffer): void {
    this.types.push(type);
    if (type !== 20 || payload.toString("latin1", 3, 11) !== "onStatus") return;
    const status = { code: textOf(payload, "code"), description: textOf(payload, "description") };
    const waiter = this.waiters.shift();
    if (waiter) waiter(status);
    else this.statuses.push(status);
  }
}

/** The text behind a key of the information object. */
function textOf(payload: Buffer, key: string): string {
  const at = payload.indexOf(key, 0, "latin1") + key.length + 1;
  return payload.toString("utf8", at + 2, at + 2 + payload.readUInt16BE(at));
}
