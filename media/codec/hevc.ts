import { BitReader, unescapeNalUnit } from "./bit-reader";
import { assertRecordSize, CodecError } from "./codec-error";
import type { VideoConfig } from "./decoder-config";
import { assertPictureSize } from "./picture-size";

const NAL_SPS = 33;

/**
 * Reads an HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 8.3.3.1).
 * @throws CodecError when it is malformed or has no sequence parameter set.
 */
export function parseHevcConfig(record: Buffer): VideoConfig {
  assertRecordSize(record);
  if (record.length < 23 || record[0] !== 1) throw new CodecError("not an HEVC configuration record");
  if ((record.readUInt8(21) & 3) === 2) throw new CodecError("NAL unit lengths of 3 bytes");
  const sps = findSps(record);
  const { width, height } = parseHevcSps(sps);
  return { track: "video", codec: "hevc", codecs: hevcCodecs(record), width, height, frameRate: null, record };
}

function findSps(record: Buffer): Buffer {
  let at = 23;
  for (let array = 0; array < record.readUInt8(22); array++) {
    if (at + 3 > record.length) break;
    const type = record.readUInt8(at) & 63;
    const count = record.readUInt16BE(at + 1);
    at += 3;
    for (let i = 0; i < count; i++) {
      if (at + 2 > record.length) throw new CodecError("a parameter set is cut off");
      const size = record.readUInt16BE(at);
      if (at + 2 + size > record.length) throw new CodecError("a parameter set is cut off");
      if (type === NAL_SPS) return record.subarray(at + 2, at + 2 + size);
      at += 2 + size;
    }
  }
  throw new CodecError("no sequence parameter set");
}

/** `hvc1.…` as ISO/IEC 14496-15 annex E.3 writes it. */
function hevcCodecs(record: Buffer): string {
  const first = record.readUInt8(1);
  const space = ["", "A", "B", "C"][first >> 6] ?? "";
  let compatibility = 0;
  for (let i = 0, flags = record.readUInt32BE(2); i < 32; i++) compatibility = compatibility * 2 + ((flags >>> i) & 1);
  const constraints = [...record.subarray(6, 12)];
  while (constraints.length && constraints.at(-1) === 0) constraints.pop();
  const tier = first & 32 ? "H" : "L";
  const parts = [`${space}${first & 31}`, compatibility.toString(16), `${tier}${record.readUInt8(12)}`];
  return ["hvc1", ...parts, ...constraints.map((byte) => byte.toString(16))]
    .join(".")
    .toUpperCase()
    .replace("HVC1", "hvc1");
}

/** Picture size of a sequence parameter set (ITU-T H.265 7.3.2.2.1). */
export function parseHevcSps(nalUnit: Uint8Array): { width: number; height: number } {
  const r = new BitReader(unescapeNalUnit(nalUnit).subarray(2));
  r.skip(4);
  const maxSubLayers = r.bits(3);
  r.skip(1);
  skipProfileTierLevel(r, maxSubLayers);
  r.unsignedExpGolomb(); // sps_seq_parameter_set_id
  const chroma = r.unsignedExpGolomb();
  if (chroma === 3) r.skip(1);
  let width = r.unsignedExpGolomb();
  let height = r.unsignedExpGolomb();
  if (r.flag()) {
    const cropX = chroma === 1 || chroma === 2 ? 2 : 1;
    const cropY = chroma === 1 ? 2 : 1;
    width -= (r.unsignedExpGolomb() + r.unsignedExpGolomb()) * cropX;
    height -= (r.unsignedExpGolomb() + r.unsignedExpGolomb()) * cropY;
  }
  assertPictureSize(width, height);
  return { width, height };
}

function skipProfileTierLevel(r: BitReader, maxSubLayers: number): void {
  r.skip(96);
  const present: [boolean, boolean][] = [];
  for (let i = 0; i < maxSubLayers; i++) present.push([r.flag(), r.flag()]);
  if (maxSubLayers > 0) r.skip(2 * (8 - maxSubLayers));
  for (const [profile, level] of present) r.skip((profile ? 88 : 0) + (level ? 8 : 0));
}
