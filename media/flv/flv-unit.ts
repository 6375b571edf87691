import type { DecoderConfig } from "../codec/decoder-config";

/** One coded picture or one frame of sound, with the encoder's own times. */
export type FlvUnit = {
  track: "video" | "audio";
  /** Decoding time as on the wire: 32 bits, wraps. */
  timestampMs: number;
  /** Signed: presentation minus decoding time. */
  compositionOffsetMs: number;
  isKeyFrame: boolean;
  /** Length-prefixed NAL units, OBUs, or one AAC or Opus frame; a view of the message's payload. */
  data: Buffer;
};

/** What a FLV tag body says. */
export type FlvEvent =
  | { kind: "config"; config: DecoderConfig }
  | { kind: "unit"; unit: FlvUnit }
  | { kind: "metadata"; metadata: StreamMetadata }
  /** A codec that is not packaged here; `codec` names it in plain words. */
  | { kind: "unsupported"; codec: string }
  /** End of sequence, commands, empty bodies. */
  | { kind: "nothing" };

/** What onMetaData announces; null where it says nothing. */
export type StreamMetadata = {
  hasVideo: boolean | null;
  hasAudio: boolean | null;
  frameRate: number | null;
};
