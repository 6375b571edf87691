import { parseAv1Config } from "../codec/av1";
import { parseAvcConfig } from "../codec/avc";
import type { VideoConfig } from "../codec/decoder-config";
import { parseHevcConfig } from "../codec/hevc";
import { readEnhancedHeader } from "./enhanced-header";
import type { FlvEvent } from "./flv-unit";

const LEGACY_CODECS: Record<number, string> = {
  2: "Sorenson H.263",
  3: "Screen Video",
  4: "VP6",
  5: "VP6 with alpha",
  6: "Screen Video 2",
};
const LEGACY_AVC = 7;
const KEY_FRAME = 1;
const COMMAND_FRAME = 5;

const configParsers = new Map<string, (record: Buffer) => VideoConfig>([
  ["avc1", parseAvcConfig],
  ["hvc1", parseHevcConfig],
  ["av01", parseAv1Config],
]);

const SEQUENCE_START = 0;
const CODED_FRAMES = 1;
const CODED_FRAMES_X = 3;
const MULTITRACK = 6;

/**
 * Reads a VIDEODATA body (FLV 10.1 E.4.3) or an ExVideoTagHeader (Enhanced RTMP 2).
 * @throws CodecError when a decoder configuration is malformed.
 */
export function readVideoTag(payload: Buffer, timestampMs: number): FlvEvent {
  const [first] = payload;
  if (first === undefined) return { kind: "nothing" };
  const frameType = (first >> 4) & 7;
  if (frameType === COMMAND_FRAME) return { kind: "nothing" };
  return first & 0x80 ? readEnhanced(payload, timestampMs, frameType) : readLegacy(payload, timestampMs, frameType);
}

function readLegacy(payload: Buffer, timestampMs: number, frameType: number): FlvEvent {
  const codecId = payload.readUInt8(0) & 15;
  if (codecId !== LEGACY_AVC)
    return { kind: "unsupported", codec: LEGACY_CODECS[codecId] ?? `FLV video codec ${codecId}` };
  if (payload.length < 5) return { kind: "nothing" };
  const packetType = payload.readUInt8(1);
  if (packetType === 0) return { kind: "config", config: parseAvcConfig(payload.subarray(5)) };
  if (packetType !== 1) return { kind: "nothing" };
  return unitOf(payload.subarray(5), timestampMs, payload.readIntBE(2, 3), frameType);
}

function readEnhanced(payload: Buffer, timestampMs: number, frameType: number): FlvEvent {
  const tag = readEnhancedHeader(payload, MULTITRACK);
  if (!tag) return { kind: "nothing" };
  const { packetType, fourCc, body } = tag;
  const parseConfig = configParsers.get(fourCc);
  if (!parseConfig) return { kind: "unsupported", codec: fourCc };
  if (packetType === SEQUENCE_START) return { kind: "config", config: parseConfig(body) };
  if (packetType === CODED_FRAMES_X) return unitOf(body, timestampMs, 0, frameType);
  if (packetType !== CODED_FRAMES) return { kind: "nothing" };
  if (fourCc === "av01") return unitOf(body, timestampMs, 0, frameType);
  if (body.length < 3) return { kind: "nothing" };
  return unitOf(body.subarray(3), timestampMs, body.readIntBE(0, 3), frameType);
}

function unitOf(data: Buffer, timestampMs: number, compositionOffsetMs: number, frameType: number): FlvEvent {
  if (data.length === 0) return { kind: "nothing" };
  return {
    kind: "unit",
    unit: { track: "video", timestampMs, compositionOffsetMs, isKeyFrame: frameType === KEY_FRAME, data },
  };
}
