import type { AudioConfig, VideoConfig } from "../codec/decoder-config";
import { box, fullBox, u8, u16, u32 } from "./box";

const videoEntryTypes = { h264: ["avc1", "avcC"], hevc: ["hvc1", "hvcC"], av1: ["av01", "av1C"] } as const;

/** VisualSampleEntry (ISO/IEC 14496-12 12.1.3) with the codec's configuration record. */
export function videoSampleEntry(config: VideoConfig): Buffer {
  const [entry, record] = videoEntryTypes[config.codec];
  const compressorName = Buffer.alloc(32);
  return box(
    entry,
    u32(0),
    u16(0, 1),
    u32(0, 0, 0, 0),
    u16(config.width, config.height),
    u32(0x480000, 0x480000, 0), // 72 dpi
    u16(1),
    compressorName,
    u16(24, 0xffff),
    box(record, config.record),
  );
}

/** AudioSampleEntry (ISO/IEC 14496-12 12.2.3) with esds (AAC) or dOps (Opus). */
export function audioSampleEntry(config: AudioConfig): Buffer {
  const codecBox = config.codec === "aac" ? elementaryStreamDescriptor(config.record) : box("dOps", config.record);
  // A sampling rate above 16 bits does not fit; the decoder takes it from its own configuration (12.2.3.2).
  const rate = config.sampleRate < 65536 ? config.sampleRate * 65536 : 0;
  return box(
    config.codec === "aac" ? "mp4a" : "Opus",
    u32(0),
    u16(0, 1),
    u32(0, 0),
    u16(config.channels, 16, 0, 0),
    u32(rate),
    codecBox,
  );
}

/** esds of ISO/IEC 14496-14 5.6 around an AudioSpecificConfig. */
function elementaryStreamDescriptor(audioSpecificConfig: Buffer): Buffer {
  const specific = descriptor(5, audioSpecificConfig);
  const decoderConfig = descriptor(4, Buffer.concat([u8(0x40, 0x15, 0, 0, 0), u32(0, 0), specific]));
  const syncLayer = descriptor(6, u8(2));
  return fullBox("esds", 0, 0, descriptor(3, Buffer.concat([u16(0), u8(0), decoderConfig, syncLayer])));
}

/** Tag, then the length in four groups of seven bits (ISO/IEC 14496-1 8.3.3). */
function descriptor(tag: number, content: Buffer): Buffer {
  const n = content.length;
  const size = u8(0x80 | ((n >> 21) & 127), 0x80 | ((n >> 14) & 127), 0x80 | ((n >> 7) & 127), n & 127);
  return Buffer.concat([u8(tag), size, content]);
}
