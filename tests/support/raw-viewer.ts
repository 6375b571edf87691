import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** How much of the answers is kept. */
const MOST_KEPT_BYTES = 64 * 1024;

/** An HTTP peer that sends whatever bytes it is told to, and reads or does not. */
export class RawViewer {
  /** The beginning of what was answered. */
  text = "";
  receivedBytes = 0;
  isClosed = false;

  private constructor(readonly socket: Socket) {
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.isClosed = true;
    });
  }

  /** @param localAddress another loopback address, to be another viewer */
  static async open(port: number, { localAddress = "127.0.0.1", isReading = true } = {}): Promise<RawViewer> {
    const socket = connect({ port, host: "127.0.0.1", localAddress });
    const viewer = new RawViewer(socket);
    if (isReading) socket.on("data", (data) => viewer.keep(data));
    await Promise.race([once(socket, "connect"), once(socket, "close")]);
    return viewer;
  }

  /** Opens many at once, not all in one moment. */
  static async openMany(count: number, port: number, options = {}): Promise<RawViewer[]> {
    const viewers: RawViewer[] = [];
    while (viewers.length < count) {
      const some = Math.min(250, count - viewers.length);
      viewers.push(...(await Promise.all(Array.from({ length: some }, () => RawViewer.open(port, options)))));
    }
    return viewers;
  }

  send(bytes: string | Buffer): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  get(path: string, headers: Record<string, string> = {}): void {
    this.send(requestText(path, headers));
  }

  /** Of every answer that has begun. */
  get statuses(): number[] {
    return [...this.text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }

  /** Whether the first answer has this status. */
  isAnswered(status: number): boolean {
    return this.text.startsWith(`HTTP/1.1 ${status} `);
  }

  leave(): void {
    this.socket.destroy();
  }

  private keep(data: Buffer): void {
    this.receivedBytes += data.length;
    if (this.text.length < MOST_KEPT_BYTES) this.text += data.toString("latin1");
  }
}

export function requestText(path: string, headers: Record<string, string> = {}): string {
  const lines = Object.entries({ host: "origin.test", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}
