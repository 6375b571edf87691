import type { Socket } from "node:net";

/** Whoever takes less than this in the time of patience is not watching: 35 kbit/s at 30 s. */
const LEAST_PROGRESS_BYTES = 128 * 1024;

type Unread = { sinceMs: number; bytesWritten: number };

/**
 * Cuts viewers who ask for media and do not read it: an answer holds its segment in memory, or a file open, until it is read.
 * Looks at all connections a few times in the time of patience, so that an answer in good health costs nothing.
 */
export class SlowReaders {
  private readonly sockets = new Map<Socket, Unread | null>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly patienceMs: number,
    private readonly onCut: (socket: Socket) => void,
  ) {
    this.timer = setInterval(() => this.sweep(performance.now()), patienceMs / 6).unref();
  }

  watch(socket: Socket): void {
    this.sockets.set(socket, null);
    socket.once("close", () => this.sockets.delete(socket));
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private sweep(nowMs: number): void {
    for (const [socket, unread] of this.sockets) {
      const { writableLength, bytesWritten } = socket;
      if (writableLength === 0) {
        if (unread) this.sockets.set(socket, null);
        continue;
      }
      // `bytesWritten` counts what is queued too: it grows with each new answer, and with each piece of a file.
      if (!unread || bytesWritten - unread.bytesWritten >= LEAST_PROGRESS_BYTES) {
        this.sockets.set(socket, { sinceMs: nowMs, bytesWritten });
      } else if (nowMs - unread.sinceMs >= this.patienceMs) this.onCut(socket);
    }
  }
}
