import { CodecError } from "./codec-error";

/** Reads bits, most significant first. Throws `CodecError` past the end. */
export class BitReader {
  private bit = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** The next `count` bits (at most 32) as an unsigned number. */
  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      const byte = this.bytes[this.bit >> 3];
      if (byte === undefined) throw new CodecError("the bits end too early");
      value = value * 2 + ((byte >> (7 - (this.bit & 7))) & 1);
      this.bit++;
    }
    return value;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  skip(count: number): void {
    this.bit += count;
    if (this.bit > this.bytes.length * 8) throw new CodecError("the bits end too early");
  }

  /** ue(v), ITU-T H.264 9.1. */
  unsignedExpGolomb(): number {
    let zeros = 0;
    while (!this.flag()) if (++zeros > 31) throw new CodecError("an Exp-Golomb code of more than 32 bits");
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** se(v), ITU-T H.264 9.1.1. */
  signedExpGolomb(): number {
    const code = this.unsignedExpGolomb();
    return code % 2 ? (code + 1) / 2 : -code / 2;
  }
}

/** The payload of a NAL unit without its emulation prevention bytes (ITU-T H.264 7.4.1). */
export function unescapeNalUnit(nalUnit: Uint8Array): Uint8Array {
  const out = new Uint8Array(nalUnit.length);
  let length = 0;
  let zeros = 0;
  for (const byte of nalUnit) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out[length++] = byte;
  }
  return out.subarray(0, length);
}
