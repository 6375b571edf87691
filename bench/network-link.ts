import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";
import { started } from "./started";

export type LinkQuality = {
  /** Of one way, in ms. */
  delayMs: number;
  /** Each burst of one way comes up to this much earlier or later. */
  jitterMs: number;
  /** Of each direction, shared by all connections; Infinity: as fast as it comes. */
  bitsPerSecond: number;
  /** For `lastsMs` in every `everyMs` nothing arrives. */
  hiccup: { everyMs: number; lastsMs: number } | null;
};

export const perfectLink: LinkQuality = {
  delayMs: 0,
  jitterMs: 0,
  bitsPerSecond: Number.POSITIVE_INFINITY,
  hiccup: null,
};

/** Bytes of one direction of one connection that may be on their way; beyond that the sender waits. */
const MOST_UNDERWAY = 512 * 1024;
/** What leaves the link in one piece: about 3 ms of 10 Mbit/s. */
const SLICE_BYTES = 4096;

/** One direction of one connection: bytes in order, each piece not before its time. */
class DelayedQueue {
  private readonly pieces: { bytes: Buffer; dueMs: number }[] = [];
  private underway = 0;
  private timer: NodeJS.Timeout | null = null;
  private isEnding = false;

  constructor(
    private readonly to: Socket,
    private lastMs: number,
    private readonly drained: () => void,
  ) {}

  get isFull(): boolean {
    return this.underway > MOST_UNDERWAY;
  }

  add(bytes: Buffer, arrivalMs: number): void {
    this.lastMs = Math.max(this.lastMs, arrivalMs);
    this.pieces.push({ bytes, dueMs: this.lastMs });
    this.underway += bytes.length;
    this.release();
  }

  /** Nothing more comes: the other end hears it after the last byte. */
  end(): void {
    this.isEnding = true;
    this.release();
  }

  discard(): void {
    this.pieces.length = 0;
    if (this.timer) clearTimeout(this.timer);
  }

  private release(): void {
    if (this.timer) return;
    const nowMs = performance.now() + 0.5;
    const wasFull = this.isFull;
    for (let head = this.pieces[0]; head && head.dueMs <= nowMs; head = this.pieces[0]) {
      this.pieces.shift();
      this.underway -= head.bytes.length;
      if (this.to.writable) this.to.write(head.bytes);
    }
    if (wasFull && !this.isFull) this.drained();
    const [next] = this.pieces;
    if (!next) {
      if (this.isEnding) this.to.end();
      return;
    }
    this.timer = setTimeout(
      () => {
        this.timer = null;
        this.release();
      },
      Math.max(1, next.dueMs - performance.now()),
    );
  }
}

/** When each direction of the link is free again. */
type Lane = { freeMs: number };

/** A TCP relay on 127.0.0.1 that behaves like a longer line: it delays, jitters, limits the rate and hiccups. */
export class NetworkLink {
  readonly close: () => Promise<void>;
  private quality: LinkQuality;
  private readonly up: Lane = { freeMs: 0 };
  private readonly down: Lane = { freeMs: 0 };
  private readonly sockets = new Set<Socket>();
  private readonly startMs = performance.now();
  private target = 0;

  private constructor(
    private readonly server: Server,
    readonly port: number,
    quality: LinkQuality,
    private readonly connected: (atMs: number) => void,
  ) {
    this.quality = quality;
    this.close = started("network link", () => this.end());
    server.on("connection", (socket: Socket) => this.relay(socket));
  }

  /** @param connected hears the wall clock of each connection that comes in */
  static async start(quality: LinkQuality, connected: (atMs: number) => void = () => undefined): Promise<NetworkLink> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new NetworkLink(server, (server.address() as AddressInfo).port, quality, connected);
  }

  /** Where it leads, a port of this machine. */
  leadTo(port: number): void {
    this.target = port;
  }

  /** From now on. */
  change(quality: LinkQuality): void {
    this.quality = quality;
  }

  /** The same address by way of this link. */
  through(url: string): string {
    return url.replace(/^([a-z]+:\/\/)[^/]+/, `$1127.0.0.1:${this.port}`);
  }

  private relay(near: Socket): void {
    this.connected(Date.now());
    const far = connect({ port: this.target, host: "127.0.0.1", noDelay: true });
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
      socket.on("error", () => {
        near.destroy();
        far.destroy();
      });
    }
    // A new connection costs a round trip before its first byte sets out.
    this.pass(near, far, this.up, 3 * this.quality.delayMs);
    this.pass(far, near, this.down, 0);
  }

  private pass(from: Socket, to: Socket, lane: Lane, setUpMs: number): void {
    const queue = new DelayedQueue(to, performance.now() + setUpMs, () => from.resume());
    from.on("data", (burst: Buffer) => {
      const jitterMs = (Math.random() * 2 - 1) * this.quality.jitterMs;
      const step = Number.isFinite(this.quality.bitsPerSecond) ? SLICE_BYTES : burst.length;
      for (let at = 0; at < burst.length; at += step) {
        const slice = burst.subarray(at, at + step);
        queue.add(slice, this.arrivalMs(lane, slice.length, jitterMs));
      }
      if (queue.isFull) from.pause();
    });
    from.on("close", () => queue.end());
    to.on("close", () => queue.discard());
  }

  private arrivalMs(lane: Lane, sizeBytes: number, jitterMs: number): number {
    const { delayMs, bitsPerSecond, hiccup } = this.quality;
    lane.freeMs = Math.max(lane.freeMs, performance.now()) + (sizeBytes * 8000) / bitsPerSecond;
    const arrivalMs = lane.freeMs + Math.max(0, delayMs + jitterMs);
    if (!hiccup) return arrivalMs;
    const phaseMs = (arrivalMs - this.startMs) % hiccup.everyMs;
    return phaseMs < hiccup.lastsMs ? arrivalMs + hiccup.lastsMs - phaseMs : arrivalMs;
  }

  private async end(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
