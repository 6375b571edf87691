import { createHash, createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** The header that carries `t=<unix ms>,n=<nonce>,v1=<hex HMAC-SHA-256>` on every call between portal and media. */
export const SIGNATURE_HEADER = "x-livehouse-signature";

/** A call is refused when its time differs from ours by more than this. */
export const SIGNATURE_WINDOW_MS = 30_000;

const pattern = /^t=(\d{1,16}),n=([0-9a-f-]{36}),v1=([0-9a-f]{64})$/;

type SignedCall = { method: string; path: string; body: string };

function macOf(secret: string, call: SignedCall, timeMs: number, nonce: string): Buffer {
  const bodyHash = createHash("sha256").update(call.body).digest("hex");
  return createHmac("sha256", secret).update([call.method, call.path, timeMs, nonce, bodyHash].join("\n")).digest();
}

/** The signature header's value for a call. `path` is the path and query as the receiver sees them. */
export function signCall(secret: string, call: SignedCall, nowMs: number): string {
  const nonce = randomUUID();
  return `t=${nowMs},n=${nonce},v1=${macOf(secret, call, nowMs, nonce).toString("hex")}`;
}

export type SignatureVerdict =
  | { kind: "valid" }
  | { kind: "invalid"; fault: "missing" | "forged" | "replayed" }
  /** Rightly signed: how far the caller's clock is ahead of ours, negative when it is behind (or the call is old). */
  | { kind: "invalid"; fault: "stale"; aheadMs: number };

/** Remembers the nonces of the last window so that no signed call is obeyed twice. Bounded: beyond `capacity` calls in one window it refuses. */
export class SignatureVerifier {
  /** Nonce to when it came, by the monotonic clock: a clock that is set must neither keep nonces for ever nor forget them. */
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly secret: string,
    private readonly capacity = 50_000,
  ) {}

  /** @param nowMs ms since 1970 @param elapsedMs of a clock that nobody sets */
  verify(
    header: string | null | undefined,
    call: SignedCall,
    nowMs: number,
    elapsedMs = performance.now(),
  ): SignatureVerdict {
    const match = header ? pattern.exec(header) : null;
    if (!match) return { kind: "invalid", fault: "missing" };
    const [, time = "", nonce = "", given = ""] = match;
    const timeMs = Number(time);
    if (!timingSafeEqual(macOf(this.secret, call, timeMs, nonce), Buffer.from(given, "hex"))) {
      return { kind: "invalid", fault: "forged" };
    }
    const aheadMs = timeMs - nowMs;
    if (Math.abs(aheadMs) > SIGNATURE_WINDOW_MS) return { kind: "invalid", fault: "stale", aheadMs };
    this.forgetOld(elapsedMs);
    if (this.seen.has(nonce) || this.seen.size >= this.capacity) return { kind: "invalid", fault: "replayed" };
    this.seen.set(nonce, elapsedMs);
    return { kind: "valid" };
  }

  // In the order of their coming, so the scan stops at the first nonce that may still be replayed.
  private forgetOld(elapsedMs: number): void {
    for (const [nonce, cameMs] of this.seen) {
      if (cameMs > elapsedMs - 2 * SIGNATURE_WINDOW_MS) return;
      this.seen.delete(nonce);
    }
  }
}
