import type { RtmpMessage } from "../ingest/publisher";

const MAX_HEADER_BYTES = 64 * 1024;

/** What an encoder sends ahead of its verdict: of each kind the newest sequence header or metadata; every picture and sound is dropped. */
export class SequenceHeaders {
  private readonly kept = new Map<string, RtmpMessage>();

  keep(message: RtmpMessage): void {
    if (message.payload.length > MAX_HEADER_BYTES || !isHeader(message)) return;
    this.kept.delete(message.type);
    this.kept.set(message.type, message);
  }

  /** In the order in which they came. */
  messages(): RtmpMessage[] {
    return [...this.kept.values()];
  }
}

/** FLV tag headers (Adobe FLV 10.1, annex E.4): AVC and AAC packet type 0; enhanced RTMP: packet type 0 (SequenceStart). */
function isHeader({ type, payload }: RtmpMessage): boolean {
  if (type === "data") return true;
  const [first, second] = payload;
  if (first === undefined) return false;
  if (type === "video" && (first & 0x80) !== 0) return (first & 0x0f) === 0;
  if (type === "video") return (first & 0x0f) === 7 && second === 0;
  const soundFormat = first >> 4;
  return soundFormat === 9 ? (first & 0x0f) === 0 : soundFormat === 10 && second === 0;
}
