import fc from "fast-check";

export type Mutation =
  | { kind: "flip"; at: number; bit: number }
  | { kind: "set"; at: number; value: number }
  | { kind: "cut"; at: number; sizeBytes: number }
  | { kind: "insert"; at: number; bytes: Uint8Array }
  | { kind: "repeat"; at: number; sizeBytes: number };

/** Numbers at which lengths and counts go wrong. */
export const edgeByte = fc.constantFrom(0, 1, 2, 3, 7, 9, 0x0f, 0x10, 0x7f, 0x80, 0xfe, 0xff);

const at = fc.nat(1_000_000);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant("flip" as const), at, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant("set" as const), at, value: edgeByte }),
  fc.record({ kind: fc.constant("cut" as const), at, sizeBytes: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant("insert" as const), at, bytes: fc.uint8Array({ minLength: 1, maxLength: 20 }) }),
  fc.record({ kind: fc.constant("repeat" as const), at, sizeBytes: fc.integer({ min: 1, max: 200 }) }),
);

export const mutations = (maxLength: number) => fc.array(mutation, { maxLength });

/** A copy of `bytes` with these done to it one after the other. */
export function mutate(bytes: Buffer, changes: Mutation[]): Buffer {
  let out = Buffer.from(bytes);
  for (const change of changes) {
    if (out.length === 0) return out;
    const where = change.at % out.length;
    if (change.kind === "flip") out[where] = (out[where] ?? 0) ^ (1 << change.bit);
    else if (change.kind === "set") out[where] = change.value;
    else if (change.kind === "cut")
      out = Buffer.concat([out.subarray(0, where), out.subarray(where + change.sizeBytes)]);
    else {
      const added = change.kind === "insert" ? change.bytes : out.subarray(where, where + change.sizeBytes);
      out = Buffer.concat([out.subarray(0, where), added, out.subarray(where)]);
    }
  }
  return out;
}

/** The same bytes in pieces, as a network delivers them. */
export function pieces(bytes: Buffer, cuts: number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((start, i) => bytes.subarray(start, places[i] ?? bytes.length));
}
