import { createHmac, randomBytes } from "node:crypto";
import { addressGroup } from "../address/remote-address";

export type Verdict = "accepted" | "unknown-key" | "other";

/** `ask` after `delayMs`, and tell what came of it. */
export type Attempt =
  | { kind: "ask"; delayMs: number; answered(verdict: Verdict, nowMs: number): void }
  | { kind: "refuse" };

export const keyAttemptBounds = {
  /** Unknown keys that cost an address nothing, in one window. */
  freeUnknownKeys: 10,
  windowMs: 60_000,
  /** For each attempt that already waits, and for this one. */
  delayMs: 1_000,
  maxWaiting: 4,
  maxAddresses: 10_000,
  maxKnownKeys: 10_000,
};

type AddressRecord = { unknownKeys: number; sinceMs: number; waiting: number };

/**
 * Slows down whoever tries stream keys that do not exist. Only unknown keys count, and a key that was right from an address is asked about
 * at once, so that a guesser behind the same address locks nobody out. Bounded in addresses and keys.
 */
export class KeyAttempts {
  private readonly records = new Map<string, AddressRecord>();
  /** Digests of address and key, the longest unused first. */
  private readonly knownKeys = new Set<string>();
  private readonly salt = randomBytes(32);

  begin(address: string, streamKey: string, nowMs: number): Attempt {
    const group = addressGroup(address);
    const known = this.digest(group, streamKey);
    const record = this.currentRecord(group, nowMs);
    const isSlowed = record.unknownKeys >= keyAttemptBounds.freeUnknownKeys && !this.knownKeys.has(known);
    if (isSlowed && record.waiting >= keyAttemptBounds.maxWaiting) return { kind: "refuse" };
    if (isSlowed) record.waiting++;
    return {
      kind: "ask",
      delayMs: isSlowed ? keyAttemptBounds.delayMs * record.waiting : 0,
      answered: (verdict, thenMs) => {
        if (isSlowed) record.waiting--;
        if (verdict === "unknown-key") this.countUnknown(group, thenMs);
        if (verdict === "accepted") this.remember(known);
      },
    };
  }

  private countUnknown(group: string, nowMs: number): void {
    const record = this.currentRecord(group, nowMs);
    record.unknownKeys++;
    this.records.delete(group);
    this.records.set(group, record);
    dropOldest(this.records, keyAttemptBounds.maxAddresses);
  }

  /** Made up for an address that has done nothing wrong: only wrong keys take room in the table. */
  private currentRecord(group: string, nowMs: number): AddressRecord {
    const record = this.records.get(group);
    if (!record) return { unknownKeys: 0, sinceMs: nowMs, waiting: 0 };
    if (nowMs - record.sinceMs > keyAttemptBounds.windowMs) {
      record.unknownKeys = 0;
      record.sinceMs = nowMs;
    }
    return record;
  }

  private remember(known: string): void {
    this.knownKeys.delete(known);
    this.knownKeys.add(known);
    dropOldest(this.knownKeys, keyAttemptBounds.maxKnownKeys);
  }

  private digest(group: string, streamKey: string): string {
    return createHmac("sha256", this.salt).update(`${group}\n${streamKey}`).digest("base64");
  }
}

function dropOldest(table: Map<string, unknown> | Set<string>, maxSize: number): void {
  for (const key of table.keys()) {
    if (table.size <= maxSize) return;
    table.delete(key);
  }
}
