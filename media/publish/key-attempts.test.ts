import { describe, expect, it } from "vitest";
import { noteAttack } from "@/tests/support/security-figures";
import { KeyAttempts, keyAttemptBounds, type Verdict } from "./key-attempts";

const ADDRESS = "192.0.2.7";

/** Makes one attempt whose verdict comes at once. @returns how long it had to wait, or `refused` */
function attempt(
  attempts: KeyAttempts,
  key: string,
  verdict: Verdict,
  nowMs = 0,
  address = ADDRESS,
): number | "refused" {
  const begun = attempts.begin(address, key, nowMs);
  if (begun.kind === "refuse") return "refused";
  begun.answered(verdict, nowMs);
  return begun.delayMs;
}

function guess(attempts: KeyAttempts, count: number, nowMs = 0): void {
  for (let i = 0; i < count; i++) attempt(attempts, `live_guess${i}`, "unknown-key", nowMs);
}

describe("KeyAttempts", () => {
  it("lets a mistyped key pass undelayed, and slows an address that goes on guessing", () => {
    const attempts = new KeyAttempts();
    guess(attempts, keyAttemptBounds.freeUnknownKeys - 1);
    expect(attempt(attempts, "live_x", "unknown-key")).toBe(0);
    expect(attempt(attempts, "live_y", "unknown-key")).toBe(keyAttemptBounds.delayMs);
  });

  it("lets only a few guesses wait at once", () => {
    const attempts = new KeyAttempts();
    guess(attempts, keyAttemptBounds.freeUnknownKeys);
    const waiting = Array.from({ length: keyAttemptBounds.maxWaiting }, (_, i) =>
      attempts.begin(ADDRESS, `live_${i}`, 0),
    );
    expect(attempts.begin(ADDRESS, "live_more", 0).kind).toBe("refuse");
    for (const each of waiting) if (each.kind === "ask") each.answered("other", 0);
    expect(attempts.begin(ADDRESS, "live_more", 0).kind).toBe("ask");
  });

  it("never slows a key that was right from this address before, whoever else guesses behind it", () => {
    const attempts = new KeyAttempts();
    attempt(attempts, "live_right", "accepted");
    guess(attempts, 100);
    expect(attempt(attempts, "live_right", "accepted")).toBe(0);
    noteAttack("RTMP", "guessing stream keys", 100);
  });

  it("counts neither right keys nor refusals of another kind", () => {
    const attempts = new KeyAttempts();
    for (let i = 0; i < 100; i++) attempt(attempts, `live_${i}`, i % 2 ? "accepted" : "other");
    expect(attempt(attempts, "live_new", "other")).toBe(0);
  });

  it("forgives after a while, and other addresses at all times", () => {
    const attempts = new KeyAttempts();
    guess(attempts, 100);
    expect(attempt(attempts, "live_x", "other", 0, "192.0.2.8")).toBe(0);
    expect(attempt(attempts, "live_x", "other", keyAttemptBounds.windowMs + 1)).toBe(0);
  });

  it("takes a /64 of IPv6 for one address", () => {
    const attempts = new KeyAttempts();
    for (let i = 0; i < 20; i++) attempt(attempts, `live_${i}`, "unknown-key", 0, `2001:db8::${i.toString(16)}`);
    expect(attempt(attempts, "live_x", "other", 0, "2001:db8:0:0:ffff::1")).toBe(keyAttemptBounds.delayMs);
    expect(attempt(attempts, "live_x", "other", 0, "2001:db8:0:1::1")).toBe(0);
  });
});
