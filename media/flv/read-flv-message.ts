import { readAudioTag } from "./audio-tag";
import type { FlvEvent } from "./flv-unit";
import { readScriptTag } from "./script-tag";
import { readVideoTag } from "./video-tag";

/** An RTMP audio, video or data message; its payload is a FLV tag body (RTMP 1.0 section 7.1). */
export type FlvMessage = { type: "audio" | "video" | "data"; timestampMs: number; payload: Buffer };

/**
 * What one message means.
 * @throws CodecError when a decoder configuration is malformed.
 */
export function readFlvMessage(message: FlvMessage): FlvEvent {
  switch (message.type) {
    case "video":
      return readVideoTag(message.payload, message.timestampMs);
    case "audio":
      return readAudioTag(message.payload, message.timestampMs);
    case "data":
      return { kind: "metadata", metadata: readScriptTag(message.payload) };
  }
}
