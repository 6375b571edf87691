import { BitReader, unescapeNalUnit } from "./bit-reader";
import { assertRecordSize, CodecError } from "./codec-error";
import type { VideoConfig } from "./decoder-config";
import { assertPictureSize } from "./picture-size";

const NAL_SPS = 7;
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/**
 * Reads an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 5.3.3.1).
 * @throws CodecError when it is malformed, has no SPS or PPS, or claims an impossible picture.
 */
export function parseAvcConfig(record: Buffer): VideoConfig {
  assertRecordSize(record);
  if (record.length < 7 || record[0] !== 1) throw new CodecError("not an AVC configuration record");
  if ((record.readUInt8(4) & 3) === 2) throw new CodecError("NAL unit lengths of 3 bytes");
  const sps: Buffer[] = [];
  let at = readParameterSets(record, 5, record.readUInt8(5) & 31, sps);
  const pps: Buffer[] = [];
  if (at >= record.length) throw new CodecError("no picture parameter set");
  at = readParameterSets(record, at, record.readUInt8(at), pps);
  const [first] = sps;
  if (!first || !pps.length) throw new CodecError("no parameter sets");
  if ((first.readUInt8(0) & 31) !== NAL_SPS) throw new CodecError("no sequence parameter set where one should be");
  const { width, height, frameRate } = parseAvcSps(first);
  const codecs = `avc1.${first.subarray(1, 4).toString("hex")}`;
  return { track: "video", codec: "h264", codecs, width, height, frameRate, record };
}

function readParameterSets(record: Buffer, countAt: number, count: number, into: Buffer[]): number {
  let at = countAt + 1;
  for (let i = 0; i < count; i++) {
    if (at + 2 > record.length) throw new CodecError("a parameter set is cut off");
    const size = record.readUInt16BE(at);
    if (size < 4 && into.length === 0 && countAt === 5) throw new CodecError("a sequence parameter set is too short");
    if (at + 2 + size > record.length) throw new CodecError("a parameter set is cut off");
    into.push(record.subarray(at + 2, at + 2 + size));
    at += 2 + size;
  }
  return at;
}

/** Picture size and frame rate of a sequence parameter set (ITU-T H.264 7.3.2.1.1). */
export function parseAvcSps(nalUnit: Uint8Array): { width: number; height: number; frameRate: number | null } {
  const r = new BitReader(unescapeNalUnit(nalUnit).subarray(1));
  const profile = r.bits(8);
  r.skip(16);
  r.unsignedExpGolomb(); // seq_parameter_set_id
  let chroma = 1;
  if (HIGH_PROFILES.has(profile)) {
    chroma = r.unsignedExpGolomb();
    if (chroma === 3) r.skip(1);
    r.unsignedExpGolomb();
    r.unsignedExpGolomb();
    r.skip(1);
    if (r.flag()) skipScalingMatrix(r, chroma === 3 ? 12 : 8);
  }
  r.unsignedExpGolomb(); // log2_max_frame_num
  skipPictureOrderCount(r);
  r.unsignedExpGolomb(); // max_num_ref_frames
  r.skip(1);
  const widthInMbs = r.unsignedExpGolomb() + 1;
  const heightInMapUnits = r.unsignedExpGolomb() + 1;
  const frameMbsOnly = r.bits(1);
  if (!frameMbsOnly) r.skip(1);
  r.skip(1);
  const crop = r.flag() ? [0, 0, 0, 0].map(() => r.unsignedExpGolomb()) : [0, 0, 0, 0];
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const cropX = chroma === 1 || chroma === 2 ? 2 : 1;
  const cropY = (chroma === 1 ? 2 : 1) * (2 - frameMbsOnly);
  const width = widthInMbs * 16 - (left + right) * cropX;
  const height = heightInMapUnits * 16 * (2 - frameMbsOnly) - (top + bottom) * cropY;
  assertPictureSize(width, height);
  return { width, height, frameRate: r.flag() ? vuiFrameRate(r) : null };
}

function skipScalingMatrix(r: BitReader, lists: number): void {
  for (let i = 0; i < lists; i++) {
    if (!r.flag()) continue;
    let last = 8;
    for (let j = 0; j < (i < 6 ? 16 : 64) && last !== 0; j++) last = (last + r.signedExpGolomb() + 256) % 256;
  }
}

function skipPictureOrderCount(r: BitReader): void {
  const type = r.unsignedExpGolomb();
  if (type === 0) r.unsignedExpGolomb();
  if (type !== 1) return;
  r.skip(1);
  r.signedExpGolomb();
  r.signedExpGolomb();
  const cycle = r.unsignedExpGolomb();
  if (cycle > 255) throw new CodecError("a picture order count cycle of more than 255");
  for (let i = 0; i < cycle; i++) r.signedExpGolomb();
}

/** Reads the VUI as far as the timing (ITU-T H.264 E.1.1). */
function vuiFrameRate(r: BitReader): number | null {
  if (r.flag() && r.bits(8) === 255) r.skip(32); // aspect ratio
  if (r.flag()) r.skip(1); // overscan
  if (r.flag()) {
    r.skip(4);
    if (r.flag()) r.skip(24);
  }
  if (r.flag()) {
    r.unsignedExpGolomb();
    r.unsignedExpGolomb();
  }
  if (!r.flag()) return null;
  const unitsInTick = r.bits(32);
  const timeScale = r.bits(32);
  const rate = timeScale / unitsInTick / 2;
  return rate >= 1 && rate <= 1000 ? rate : null;
}
