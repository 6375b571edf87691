import { drawClock } from "./clock-blocks";

const RING = 12;
const STEP = 6;

/** Noise that costs the encoder bits; the same every time. */
function makeNoise(sizeBytes: number): Buffer {
  const noise = Buffer.allocUnsafe(sizeBytes);
  let state = 0x2545f491;
  for (let at = 0; at < sizeBytes; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    noise[at] = 100 + (state & 63);
  }
  return noise;
}

/** Draws pictures (planar YUV 4:2:0): a gradient, a field of noise that moves sideways, and the clock on top. */
export class PictureRing {
  private readonly pictures: Buffer[];
  private drawn = 0;

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {
    const [fieldWidth, fieldHeight] = [width / 2, height / 2];
    const pitch = fieldWidth + RING * STEP;
    const noise = makeNoise(pitch * fieldHeight);
    this.pictures = Array.from({ length: RING }, (_, turn) => {
      const picture = Buffer.alloc((width * height * 3) / 2, 128);
      for (let y = 0; y < height; y++) picture.fill(48 + Math.floor((128 * y) / height), y * width, (y + 1) * width);
      for (let y = 0; y < fieldHeight; y++) {
        const from = y * pitch + turn * STEP;
        noise.copy(picture, (y + height / 4) * width + width / 4, from, from + fieldWidth);
      }
      return picture;
    });
  }

  /** The next picture, with this clock. The buffer is drawn into again twelve pictures later. */
  next(wallClockMs: number): Buffer {
    const picture = this.pictures[this.drawn++ % RING] as Buffer;
    drawClock(picture, this.width, this.height, wallClockMs);
    return picture;
  }
}
