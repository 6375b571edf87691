import { BitReader } from "./bit-reader";
import { assertRecordSize, CodecError } from "./codec-error";
import type { VideoConfig } from "./decoder-config";
import { assertPictureSize } from "./picture-size";

const OBU_SEQUENCE_HEADER = 1;

/**
 * Reads an AV1CodecConfigurationRecord (AV1 in ISO BMFF 2.3.3).
 * @throws CodecError when it is malformed or has no sequence header.
 */
export function parseAv1Config(record: Buffer): VideoConfig {
  assertRecordSize(record);
  if (record.length < 5 || record[0] !== 0x81) throw new CodecError("not an AV1 configuration record");
  const profile = record.readUInt8(1) >> 5;
  const level = record.readUInt8(1) & 31;
  const flags = record.readUInt8(2);
  const tier = flags & 0x80 ? "H" : "M";
  const depth = flags & 0x40 ? (profile === 2 && flags & 0x20 ? 12 : 10) : 8;
  const { width, height } = parseSequenceHeader(findSequenceHeader(record.subarray(4)));
  const two = (value: number) => String(value).padStart(2, "0");
  const codecs = `av01.${profile}.${two(level)}${tier}.${two(depth)}`;
  return { track: "video", codec: "av1", codecs, width, height, frameRate: null, record };
}

function findSequenceHeader(obus: Buffer): Buffer {
  let at = 0;
  while (at < obus.length) {
    const header = obus.readUInt8(at);
    at += header & 4 ? 2 : 1;
    if (!(header & 2)) throw new CodecError("an OBU without its size");
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = obus[at++];
      if (byte === undefined || shift > 28) throw new CodecError("an OBU size that does not end");
      size += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    if (at + size > obus.length) throw new CodecError("an OBU is cut off");
    if (((header >> 3) & 15) === OBU_SEQUENCE_HEADER) return obus.subarray(at, at + size);
    at += size;
  }
  throw new CodecError("no sequence header");
}

/** Largest picture of a sequence (AV1 bitstream 5.5.1). */
function parseSequenceHeader(obu: Buffer): { width: number; height: number } {
  const r = new BitReader(obu);
  r.skip(3);
  r.skip(1);
  if (r.flag()) r.skip(5);
  else skipOperatingPoints(r);
  const widthBits = r.bits(4) + 1;
  const heightBits = r.bits(4) + 1;
  const width = r.bits(widthBits) + 1;
  const height = r.bits(heightBits) + 1;
  assertPictureSize(width, height);
  return { width, height };
}

function skipOperatingPoints(r: BitReader): void {
  let delayBits = 0;
  if (r.flag()) {
    r.skip(64);
    if (r.flag()) r.unsignedExpGolomb();
    if (r.flag()) {
      delayBits = r.bits(5) + 1;
      r.skip(42);
    }
  }
  const initialDelay = r.flag();
  const points = r.bits(5) + 1;
  for (let i = 0; i < points; i++) {
    r.skip(12);
    if (r.bits(5) > 7) r.skip(1);
    if (delayBits && r.flag()) r.skip(2 * delayBits + 1);
    if (initialDelay && r.flag()) r.skip(4);
  }
}
