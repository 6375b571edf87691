import { describe, expect, it } from "vitest";
import { SignatureVerifier, signCall } from "./signature";

const SECRET = "a secret of this test alone";
const HOUR_MS = 3_600_000;
const call = { method: "POST", path: "/api/media/on-update", body: "{}" };

describe("signed calls while clocks are set", () => {
  it("a clock set back by an hour neither refuses honest calls nor keeps their nonces for that hour", () => {
    const verifier = new SignatureVerifier(SECRET, 100);
    let elapsedMs = 0;
    const ask = (nowMs: number) => verifier.verify(signCall(SECRET, call, nowMs), call, nowMs, elapsedMs).kind;
    for (let n = 0; n < 50; n += 1) expect(ask(HOUR_MS + elapsedMs)).toBe("valid");
    // A day's calls: were the nonces kept by the clock on the wall, the hundred would be full in no time.
    for (let n = 0; n < 500; n += 1) {
      elapsedMs += 5_000;
      expect(ask(elapsedMs)).toBe("valid");
    }
  });

  it("a call is not obeyed twice, however the clock is set between", () => {
    const verifier = new SignatureVerifier(SECRET);
    const signature = signCall(SECRET, call, HOUR_MS);
    expect(verifier.verify(signature, call, HOUR_MS, 0)).toEqual({ kind: "valid" });
    expect(verifier.verify(signature, call, 0, 1_000)).toMatchObject({ fault: "stale" });
    verifier.verify(signCall(SECRET, call, 0), call, 0, 2_000);
    expect(verifier.verify(signature, call, HOUR_MS, 3_000)).toEqual({ kind: "invalid", fault: "replayed" });
  });

  it("a caller whose clock is off by more than 30 s is refused, and it is said by how much", () => {
    const verifier = new SignatureVerifier(SECRET);
    const late = verifier.verify(signCall(SECRET, call, 0), call, HOUR_MS);
    expect(late).toEqual({ kind: "invalid", fault: "stale", aheadMs: -HOUR_MS });
    const early = verifier.verify(signCall(SECRET, call, 31_000), call, 0);
    expect(early).toEqual({ kind: "invalid", fault: "stale", aheadMs: 31_000 });
  });
});
