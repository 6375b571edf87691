import { type ChunkHeader, readChunkHeader } from "./chunk-header";
import { ChunkStream } from "./chunk-stream";
import { ProtocolError } from "./protocol-error";

/** A whole RTMP message. The payload is its own memory, exactly as long as the message. */
export type ChunkedMessage = { type: number; streamId: number; timestampMs: number; payload: Buffer };

export type ChunkReaderBounds = {
  /** The longest message of a type that is taken. */
  maxMessageBytes(type: number): number;
  /** Memory for messages that are not whole yet, all chunk streams together. */
  maxInFlightBytes: number;
  maxChunkStreams: number;
};

const MAX_CHUNK_SIZE = 0xffffff;
const LONGEST_HEADER = 18;

/**
 * Turns RTMP chunks (RTMP 1.0, section 5.3) into messages, from reads that split anywhere.
 * Memory is taken as bytes arrive, never as a header announces them.
 */
export class ChunkReader {
  private chunkSize = 128;
  private readonly streams = new Map<number, ChunkStream>();
  /** The chunk stream whose chunk payload comes next; null at a chunk header. */
  private current: ChunkStream | null = null;
  private readonly partialHeader = Buffer.alloc(LONGEST_HEADER);
  private partialHeaderBytes = 0;
  private inFlight = 0;
  private isStopped = false;
  private begun = 0;

  constructor(
    private readonly bounds: ChunkReaderBounds,
    private readonly onMessage: (message: ChunkedMessage) => void,
  ) {}

  /** Memory held for messages that are not whole yet. */
  get inFlightBytes(): number {
    return this.inFlight;
  }

  /** Chunks begun so far: each costs work, however few bytes it has. */
  get chunkCount(): number {
    return this.begun;
  }

  /**
   * From the next chunk on. Anything over the longest possible message means the same as that (section 5.4.1).
   * @throws ProtocolError for 0 and for a set first bit, which "MUST be zero"
   */
  setChunkSize(size: number): void {
    if (size < 1 || size > 0x7fffffff) throw new ProtocolError("chunk-size-malformed");
    this.chunkSize = Math.min(size, MAX_CHUNK_SIZE);
  }

  /** Nothing more is read, what is left of the present read included. */
  stop(): void {
    this.isStopped = true;
  }

  /** Abort Message (section 5.4.2): what came of the message on that chunk stream is thrown away. */
  abort(chunkStreamId: number): void {
    const stream = this.streams.get(chunkStreamId);
    if (stream) this.inFlight -= stream.discard();
  }

  /** @throws ProtocolError at the first byte that cannot be right; the reader is of no use afterwards */
  read(data: Buffer, start = 0): void {
    let offset = start;
    while (offset < data.length && !this.isStopped) {
      offset = this.current ? this.readPayload(this.current, data, offset) : this.readHeader(data, offset);
    }
  }

  private readHeader(data: Buffer, start: number): number {
    if (this.partialHeaderBytes > 0) return this.readSplitHeader(data, start);
    const header = readChunkHeader(data, start, data.length, this.streams);
    if (header.kind === "incomplete") {
      this.partialHeaderBytes = data.copy(this.partialHeader, 0, start);
      return data.length;
    }
    this.beginChunk(header);
    return start + header.sizeBytes;
  }

  /** A header that began in an earlier read: one more byte at a time until it is whole. */
  private readSplitHeader(data: Buffer, start: number): number {
    const header = this.partialHeader;
    let offset = start;
    while (offset < data.length) {
      header[this.partialHeaderBytes++] = data[offset++] ?? 0;
      const found = readChunkHeader(header, 0, this.partialHeaderBytes, this.streams);
      if (found.kind === "incomplete") continue;
      const behind = Buffer.from(header.subarray(found.sizeBytes, this.partialHeaderBytes));
      this.partialHeaderBytes = 0;
      this.beginChunk(found);
      // Up to four bytes that might have been an extended timestamp and were payload.
      this.read(behind);
      return offset;
    }
    return offset;
  }

  private beginChunk(header: ChunkHeader): void {
    this.begun++;
    let stream = this.streams.get(header.chunkStreamId);
    if (!stream) {
      if (this.streams.size >= this.bounds.maxChunkStreams) throw new ProtocolError("chunk-streams-exceeded");
      stream = new ChunkStream();
      this.streams.set(header.chunkStreamId, stream);
    }
    if (!stream.isInMessage) {
      stream.begin(header);
      if (stream.length > this.bounds.maxMessageBytes(stream.type)) throw new ProtocolError("message-too-large");
    }
    stream.chunkBytesLeft = Math.min(this.chunkSize, stream.length - stream.receivedBytes);
    if (stream.length === 0) this.finish(stream, Buffer.alloc(0));
    else this.current = stream;
  }

  private readPayload(stream: ChunkStream, data: Buffer, start: number): number {
    const end = Math.min(start + stream.chunkBytesLeft, data.length);
    // The common case by far: the whole message lies in one read, and is copied once.
    if (stream.receivedBytes === 0 && end - start === stream.length) {
      this.finish(stream, copyOf(data, start, end));
      return end;
    }
    this.keep(stream, data, start, end);
    stream.chunkBytesLeft -= end - start;
    if (stream.receivedBytes === stream.length) {
      const payload = stream.payload;
      this.inFlight -= stream.discard();
      this.finish(stream, payload);
    } else if (stream.chunkBytesLeft === 0) {
      this.current = null;
    }
    return end;
  }

  private keep(stream: ChunkStream, data: Buffer, start: number, end: number): void {
    const capacity = stream.capacityFor(end - start, data.length - start);
    this.inFlight += capacity - stream.payload.length;
    if (this.inFlight > this.bounds.maxInFlightBytes) throw new ProtocolError("in-flight-exceeded");
    stream.append(data, start, end, capacity);
  }

  private finish(stream: ChunkStream, payload: Buffer): void {
    this.current = null;
    stream.isInMessage = false;
    this.onMessage({ type: stream.type, streamId: stream.streamId, timestampMs: stream.timestampMs, payload });
  }
}

function copyOf(data: Buffer, start: number, end: number): Buffer {
  const copy = Buffer.allocUnsafe(end - start);
  data.copy(copy, 0, start, end);
  return copy;
}
