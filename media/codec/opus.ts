import { CodecError } from "./codec-error";
import type { AudioConfig } from "./decoder-config";

/** Opus always decodes at 48 kHz (RFC 7845 section 4). */
export const OPUS_SAMPLE_RATE = 48_000;

/**
 * Reads an OpusHead (RFC 7845 section 5.1) and turns it into the body of a dOps box (Opus in ISO BMFF 4.3.2).
 * @throws CodecError when it is malformed or of a channel mapping that dOps can't carry as it is.
 */
export function parseOpusConfig(head: Buffer): AudioConfig {
  if (head.length < 19 || head.toString("latin1", 0, 8) !== "OpusHead") throw new CodecError("not an OpusHead");
  const channels = head.readUInt8(9);
  const mappingFamily = head.readUInt8(18);
  if (channels < 1 || channels > 8) throw new CodecError(`Opus with ${channels} channels`);
  if (mappingFamily !== 0 && head.length < 21 + channels) throw new CodecError("a channel mapping is cut off");
  const record = Buffer.alloc(mappingFamily === 0 ? 11 : 13 + channels);
  record.writeUInt8(0, 0); // Version of dOps, unlike OpusHead's, is 0.
  record.writeUInt8(channels, 1);
  record.writeUInt16BE(head.readUInt16LE(10), 2);
  record.writeUInt32BE(head.readUInt32LE(12), 4);
  record.writeInt16BE(head.readInt16LE(16), 8);
  record.writeUInt8(mappingFamily, 10);
  if (mappingFamily !== 0) head.copy(record, 11, 19, 21 + channels);
  return {
    track: "audio",
    codec: "opus",
    codecs: "opus",
    sampleRate: OPUS_SAMPLE_RATE,
    channels,
    record,
    samplesPerUnit: 960,
  };
}

const FRAME_SAMPLES = [480, 960, 1920, 2880];

/** Samples at 48 kHz in an Opus packet, from its TOC byte (RFC 6716 section 3.1); 0 for an empty one. */
export function opusPacketSamples(packet: Uint8Array): number {
  const [toc, second = 0] = packet;
  if (toc === undefined) return 0;
  const config = toc >> 3;
  const frame =
    config < 12 ? (FRAME_SAMPLES[config & 3] ?? 960) : config < 16 ? (config & 1 ? 960 : 480) : 120 << (config & 3);
  const code = toc & 3;
  const frames = code === 0 ? 1 : code === 3 ? second & 63 : 2;
  return Math.min(frame * frames, 5760);
}
