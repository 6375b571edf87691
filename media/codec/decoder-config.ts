/** What a video track needs before its first access unit. */
export type VideoConfig = {
  track: "video";
  codec: "h264" | "hevc" | "av1";
  /** RFC 6381 string for CODECS and MediaSource. */
  codecs: string;
  /** In luma samples, after cropping. */
  width: number;
  height: number;
  /** The configuration record: avcC, hvcC or av1C, without the box header. */
  record: Buffer;
  /** Frames per second as the bit stream claims, null where it doesn't. */
  frameRate: number | null;
};

/** What an audio track needs before its first access unit. */
export type AudioConfig = {
  track: "audio";
  codec: "aac" | "opus";
  codecs: string;
  /** Of the decoded sound, in Hz; also the track's timescale. */
  sampleRate: number;
  channels: number;
  /** AudioSpecificConfig (ISO/IEC 14496-3) or the body of dOps. */
  record: Buffer;
  /** Samples in one access unit; Opus packets tell theirs one by one. */
  samplesPerUnit: number;
};

export type DecoderConfig = VideoConfig | AudioConfig;

/** True when a decoder set up for one can go on with the other. */
export function isSameConfig(a: DecoderConfig | null, b: DecoderConfig | null): boolean {
  if (!a || !b) return a === b;
  return a.codec === b.codec && a.record.equals(b.record);
}
