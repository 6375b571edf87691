import { parseAacConfig } from "../codec/aac";
import type { AudioConfig } from "../codec/decoder-config";
import { parseOpusConfig } from "../codec/opus";
import type { FlvEvent } from "./flv-unit";
import { skipModifiers } from "./video-tag";

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

const configParsers: Record<string, (record: Buffer) => AudioConfig> = { mp4a: parseAacConfig, Opus: parseOpusConfig };

const SEQUENCE_START = 0;
const CODED_FRAMES = 1;
const MULTITRACK = 5;
const MODIFIER = 7;

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
  const packetType = payload.readUInt8(0) & 15;
  if (packetType === MULTITRACK) return { kind: "unsupported", codec: "several audio tracks in one stream" };
  const header = packetType === MODIFIER ? skipModifiers(payload) : { type: packetType, at: 1 };
  if (!header || payload.length < header.at + 4) return { kind: "nothing" };
  const fourCc = payload.toString("latin1", header.at, header.at + 4);
  const parseConfig = configParsers[fourCc];
  if (!parseConfig) return { kind: "unsupported", codec: fourCc };
  const body = payload.subarray(header.at + 4);
  if (header.type === SEQUENCE_START) return { kind: "config", config: parseConfig(body) };
  return header.type === CODED_FRAMES ? unitOf(body, timestampMs) : { kind: "nothing" };
}

function unitOf(data: Buffer, timestampMs: number): FlvEvent {
  if (data.length === 0) return { kind: "nothing" };
  return { kind: "unit", unit: { track: "audio", timestampMs, compositionOffsetMs: 0, isKeyFrame: true, data } };
}
