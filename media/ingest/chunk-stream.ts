import type { ChunkHeader } from "./chunk-header";

/** Messages up to this size get their memory at once, longer ones as their bytes arrive. */
const FIRST_ALLOCATION_BYTES = 16 * 1024;
const NOTHING = Buffer.alloc(0);

/** What a chunk stream remembers from chunk to chunk (RTMP 1.0, section 5.3.1.2), and the message it is in the middle of. */
export class ChunkStream {
  timestampMs = 0;
  /** 24 bits as last sent: an absolute time after type 0, a delta after types 1 and 2; 0xffffff: see `extendedTimestamp`. */
  timestampField = 0;
  extendedTimestamp = 0;
  length = 0;
  type = 0;
  streamId = 0;
  isInMessage = false;
  receivedBytes = 0;
  chunkBytesLeft = 0;
  payload: Buffer = NOTHING;

  /** Takes over the header that starts a message; a chunk of type 3 repeats the last header, its delta included. */
  begin(header: ChunkHeader): void {
    const { format } = header;
    if (format < 3) this.timestampField = header.timestampField;
    if (header.extendedTimestamp !== null) this.extendedTimestamp = header.extendedTimestamp;
    if (format < 2) {
      this.length = header.length;
      this.type = header.type;
    }
    if (format === 0) this.streamId = header.streamId;
    const field = this.timestampField === 0xffffff ? this.extendedTimestamp : this.timestampField;
    // Times are 32 bits and wrap (section 5.3).
    this.timestampMs = (format === 0 ? field : this.timestampMs + field) >>> 0;
    this.isInMessage = true;
    this.receivedBytes = 0;
  }

  /**
   * Memory wanted before `addedBytes` more can be kept: as much as has arrived, or twice what is held, never more than the message.
   * @param availableBytes that have arrived, this chunk's and what lies behind it
   */
  capacityFor(addedBytes: number, availableBytes: number): number {
    const held = this.payload.length;
    if (this.receivedBytes + addedBytes <= held) return held;
    return Math.min(this.length, Math.max(FIRST_ALLOCATION_BYTES, 2 * held, this.receivedBytes + availableBytes));
  }

  /** Copies `data[start, end)` behind what is there, after `capacityFor` as many bytes. */
  append(data: Buffer, start: number, end: number, capacity: number): void {
    if (capacity > this.payload.length) {
      const grown = Buffer.allocUnsafeSlow(capacity);
      this.payload.copy(grown, 0, 0, this.receivedBytes);
      this.payload = grown;
    }
    data.copy(this.payload, this.receivedBytes, start, end);
    this.receivedBytes += end - start;
  }

  /** Lets go of the message so far. @returns how much memory it held */
  discard(): number {
    const held = this.payload.length;
    this.payload = NOTHING;
    this.isInMessage = false;
    this.receivedBytes = 0;
    return held;
  }
}
