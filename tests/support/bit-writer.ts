/** Writes bits, most significant first, as parameter sets want them; knows nothing of the readers in media/codec. */
export class BitWriter {
  private text = "";

  /** u(n): the low `count` bits, at most 32. */
  u(count: number, value: number): this {
    this.text += (value % 2 ** count).toString(2).padStart(count, "0").slice(-count);
    return this;
  }

  /** ue(v) (ITU-T H.264 9.1), up to 2^32 - 2. */
  ue(value: number): this {
    const bits = (value + 1).toString(2);
    this.text += "0".repeat(bits.length - 1) + bits;
    return this;
  }

  /** Whole bytes: a stop bit and zeros behind the last bit. */
  bytes(): Buffer {
    const whole = `${this.text}1`.padEnd(Math.ceil((this.text.length + 1) / 8) * 8, "0");
    return Buffer.from(whole.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
  }

  /** The same with emulation prevention bytes (ITU-T H.264 7.4.1), behind a NAL unit's header. */
  nalUnit(...header: number[]): Buffer {
    const out: number[] = [...header];
    let zeros = 0;
    for (const byte of this.bytes()) {
      if (zeros >= 2 && byte <= 3) {
        out.push(3);
        zeros = 0;
      }
      zeros = byte === 0 ? zeros + 1 : 0;
      out.push(byte);
    }
    return Buffer.from(out);
  }
}

export type AvcClaims = {
  widthInMbs: number;
  heightInMbs: number;
  timing?: { unitsInTick: number; timeScale: number };
};

/** An AVCDecoderConfigurationRecord of Baseline profile that claims this picture size, in macroblocks of 16 by 16, and timing. */
export function avcRecord({ widthInMbs, heightInMbs, timing }: AvcClaims): Buffer {
  const sps = new BitWriter().u(8, 66).u(8, 0xc0).u(8, 30).ue(0).ue(0).ue(2).ue(1).u(1, 0);
  sps
    .ue(widthInMbs - 1)
    .ue(heightInMbs - 1)
    .u(1, 1)
    .u(1, 1)
    .u(1, 0);
  if (timing) sps.u(1, 1).u(4, 0).u(1, 1).u(32, timing.unitsInTick).u(32, timing.timeScale).u(1, 1).u(4, 0);
  else sps.u(1, 0);
  const nalUnit = sps.nalUnit(0x67);
  const head = Buffer.from([1, 66, 0xc0, 30, 0xff, 0xe1, 0, nalUnit.length]);
  return Buffer.concat([head, nalUnit, Buffer.from("01000468ce3c80", "hex")]);
}
