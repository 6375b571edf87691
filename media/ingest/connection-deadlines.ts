import type { IngestLimits } from "./ingest-config";
import type { SessionStep } from "./rtmp-session";

/** What a peer did not do in time; `verdict` is ours to give. */
export type MissedDeadline = "handshake" | "connect command" | "publish command" | "verdict" | "media" | "farewell";

/** One timer a connection: every step of a session must be followed by the next one in time, and media by more media. */
export class ConnectionDeadlines {
  private timer: NodeJS.Timeout | null = null;
  private lastMediaMs: number | null = null;

  constructor(
    private readonly limits: IngestLimits,
    private readonly onMissed: (missed: MissedDeadline) => void,
  ) {
    this.arm("handshake", limits.handshakeMs);
  }

  stepReached(step: SessionStep): void {
    if (step === "connect") this.arm("connect command", this.limits.connectMs);
    if (step === "publish") this.arm("publish command", this.limits.publishMs);
    if (step === "verdict") this.arm("verdict", this.limits.verdictMs);
    if (step === "publishing") this.awaitMedia(this.limits.firstMediaMs);
  }

  mediaArrived(): void {
    this.lastMediaMs = performance.now();
  }

  goodbye(): void {
    this.arm("farewell", this.limits.goodbyeMs);
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private arm(missed: MissedDeadline, delayMs: number): void {
    this.stop();
    this.timer = setTimeout(() => this.onMissed(missed), delayMs);
  }

  /** Looks only when the time would be up, so that a message costs no timer. */
  private awaitMedia(delayMs: number): void {
    this.stop();
    this.timer = setTimeout(() => {
      const leftMs = (this.lastMediaMs ?? 0) + this.limits.silenceMs - performance.now();
      if (this.lastMediaMs === null || leftMs <= 0) this.onMissed("media");
      else this.awaitMedia(leftMs);
    }, delayMs);
  }
}
