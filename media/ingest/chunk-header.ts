import type { ChunkStream } from "./chunk-stream";
import { ProtocolError } from "./protocol-error";

export type ChunkHeader = {
  kind: "whole";
  chunkStreamId: number;
  /** 0 to 3: how much of the message header is there. */
  format: number;
  timestampField: number;
  length: number;
  type: number;
  streamId: number;
  extendedTimestamp: number | null;
  sizeBytes: number;
};

const INCOMPLETE = { kind: "incomplete" } as const;
const messageHeaderBytes = [11, 7, 3, 0] as const;

/**
 * Reads the chunk header at `data[start, end)`: basic header, message header, extended timestamp (RTMP 1.0, section 5.3.1).
 * Has no effect, so that a header split over two reads can be tried again.
 * @throws ProtocolError when a chunk of this format cannot come now
 */
export function readChunkHeader(
  data: Buffer,
  start: number,
  end: number,
  streams: ReadonlyMap<number, ChunkStream>,
): ChunkHeader | typeof INCOMPLETE {
  const first = data[start];
  if (first === undefined || end <= start) return INCOMPLETE;
  const format = first >> 6;
  const low = first & 0x3f;
  const basicBytes = low === 0 ? 2 : low === 1 ? 3 : 1;
  let offset = start + basicBytes;
  if (offset > end) return INCOMPLETE;
  const chunkStreamId = low > 1 ? low : low === 0 ? 64 + data.readUInt8(start + 1) : 64 + data.readUInt16LE(start + 1);
  const stream = streams.get(chunkStreamId);
  checkFormat(stream, format);

  const at = offset;
  offset += messageHeaderBytes[format as 0 | 1 | 2 | 3];
  if (offset > end) return INCOMPLETE;
  const timestampField = format < 3 ? data.readUIntBE(at, 3) : (stream?.timestampField ?? 0);
  const length = format < 2 ? data.readUIntBE(at + 3, 3) : 0;
  const type = format < 2 ? data.readUInt8(at + 6) : 0;
  const streamId = format === 0 ? data.readUInt32LE(at + 7) : 0;

  let extendedTimestamp: number | null = null;
  if (timestampField === 0xffffff) {
    if (offset + 4 > end) return INCOMPLETE;
    const value = data.readUInt32BE(offset);
    if (!isMissing(stream, value)) {
      extendedTimestamp = value;
      offset += 4;
    }
  }
  return {
    kind: "whole",
    chunkStreamId,
    format,
    timestampField,
    length,
    type,
    streamId,
    extendedTimestamp,
    sizeBytes: offset - start,
  };
}

/**
 * "This field is present in Type 3 chunks when the most recent Type 0, 1, or 2 chunk ... indicated the presence of an extended timestamp" (section 5.3.1.3),
 * but older FFmpeg and librtmp leave it out in the middle of a message: then the four bytes are payload, and differ from the time.
 */
function isMissing(stream: ChunkStream | undefined, value: number): boolean {
  return stream?.isInMessage === true && value !== stream.extendedTimestamp && value !== stream.timestampMs;
}

function checkFormat(stream: ChunkStream | undefined, format: number): void {
  // Type 1 is how librtmp (OBS) starts chunk stream 2; types 2 and 3 refer to a length that nobody announced.
  if (!stream && format > 1) throw new ProtocolError("chunk-without-header");
  if (stream?.isInMessage && format !== 3) throw new ProtocolError("message-interrupted");
}
