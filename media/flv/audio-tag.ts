import { parseAacConfig } from "../codec/aac";
import type { AudioConfig } from "../codec/decoder-config";
import { parseOpusConfig } from "../codec/opus";
import { readEnhancedHeader } from "./enhanced-header";
import type { FlvEvent } from "./flv-unit";

const FORMATS: Record<number, string> = {
  0: "PCM",
  1: "ADPCM",
  2: "MP3",
  3: "PCM",
  4: "Nellymoser",
  5: "Nellymoser",
  6: "Nellymoser",
  7: "G.711",
  8: "G.711",
  11: "Speex",
  14: "MP3",
};
const ENHANCED = 9;
const AAC = 10;

const configParsers = new Map<string, (record: Buffer) => AudioConfig>([
  ["mp4a", parseAacConfig],
  ["Opus", parseOpusConfig],
]);

const SEQUENCE_START = 0;
const CODED_FRAMES = 1;
const MULTITRACK = 5;

/**
 * Reads an AUDIODATA body (FLV 10.1 E.4.2) or an ExAudioTagHeader (Enhanced RTMP 2).
 * @throws CodecError when a decoder configuration is malformed.
 */
export function readAudioTag(payload: Buffer, timestampMs: number): FlvEvent {
  const [first] = payload;
  if (first === undefined) return { kind: "nothing" };
  const format = first >> 4;
  if (format === ENHANCED) return readEnhanced(payload, timestampMs);
  if (format !== AAC) return { kind: "unsupported", codec: FORMATS[format] ?? `FLV sound format ${format}` };
  if (payload.length < 3) return { kind: "nothing" };
  const body = payload.subarray(2);
  return payload.readUInt8(1) === 0 ? { kind: "config", config: parseAacConfig(body) } : unitOf(body, timestampMs);
}

function readEnhanced(payload: Buffer, timestampMs: number): FlvEvent {
  const tag = readEnhancedHeader(payload, MULTITRACK);
  if (!tag) return { kind: "nothing" };
  const parseConfig = configParsers.get(tag.fourCc);
  if (!parseConfig) return { kind: "unsupported", codec: tag.fourCc };
  if (tag.packetType === SEQUENCE_START) return { kind: "config", config: parseConfig(tag.body) };
  return tag.packetType === CODED_FRAMES ? unitOf(tag.body, timestampMs) : { kind: "nothing" };
}

function unitOf(data: Buffer, timestampMs: number): FlvEvent {
  if (data.length === 0) return { kind: "nothing" };
  return { kind: "unit", unit: { track: "audio", timestampMs, compositionOffsetMs: 0, isKeyFrame: true, data } };
}
