// RTMP as bytes, written from the specification and without any code of media/ingest: what tests send must not be made by what they test.

export type AmfValue = number | boolean | string | null | undefined | AmfValue[] | { [key: string]: AmfValue };

/** AMF 0 values one after the other. */
export function amf0(...values: AmfValue[]): Buffer {
  return Buffer.concat(values.map(amf0Value));
}

function amf0Value(value: AmfValue): Buffer {
  if (value === null) return Buffer.from([5]);
  if (value === undefined) return Buffer.from([6]);
  if (typeof value === "boolean") return Buffer.from([1, value ? 1 : 0]);
  if (typeof value === "string") return Buffer.concat([Buffer.from([2]), amf0Text(value)]);
  if (typeof value === "number") {
    const bytes = Buffer.alloc(9);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  if (Array.isArray(value)) return Buffer.concat([Buffer.from([10]), uint32(value.length), ...value.map(amf0Value)]);
  const properties = Object.entries(value).flatMap(([key, item]) => [amf0Text(key), amf0Value(item)]);
  return Buffer.concat([Buffer.from([3]), ...properties, Buffer.from([0, 0, 9])]);
}

function amf0Text(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  return Buffer.concat([uint16(bytes.length), bytes]);
}

export function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

function uint24(value: number): Buffer {
  return Buffer.from([value >>> 16, value >>> 8, value]);
}

/** First bytes of a chunk: format (0 to 3) and chunk stream id in its shortest form. */
export function basicHeader(format: number, chunkStreamId: number): Buffer {
  if (chunkStreamId < 64) return Buffer.from([(format << 6) | chunkStreamId]);
  const rest = chunkStreamId - 64;
  return rest < 256 ? Buffer.from([format << 6, rest]) : Buffer.from([(format << 6) | 1, rest & 0xff, rest >>> 8]);
}

export type MessageToSend = {
  type: number;
  payload: Buffer;
  timestampMs?: number;
  chunkStreamId?: number;
  streamId?: number;
  chunkSize?: number;
  /** 1: no stream id, and `timestampMs` is the difference to the message before on this chunk stream. Default 0. */
  format?: 0 | 1;
  /** What the header announces, when that is not what comes. */
  announcedLength?: number;
  /** `everywhere`: on type 3 chunks too, as the specification and new encoders have it. */
  extendedTimestamps?: "everywhere" | "first-chunk-only";
};

/** A whole message as chunks: a type 0 (or 1) header, then type 3 ones. */
export function chunked(message: MessageToSend): Buffer {
  const { type, payload, timestampMs = 0, chunkStreamId = 3, streamId = 0, chunkSize = 128, format = 0 } = message;
  const isExtended = timestampMs >= 0xffffff;
  const extended = isExtended ? uint32(timestampMs) : Buffer.alloc(0);
  const little = Buffer.alloc(4);
  little.writeUInt32LE(streamId);
  const parts: Buffer[] = [
    basicHeader(format, chunkStreamId),
    uint24(isExtended ? 0xffffff : timestampMs),
    uint24(message.announcedLength ?? payload.length),
    Buffer.from([type]),
    format === 0 ? little : Buffer.alloc(0),
    extended,
    payload.subarray(0, chunkSize),
  ];
  for (let offset = chunkSize; offset < payload.length; offset += chunkSize) {
    parts.push(basicHeader(3, chunkStreamId));
    if (message.extendedTimestamps !== "first-chunk-only") parts.push(extended);
    parts.push(payload.subarray(offset, offset + chunkSize));
  }
  return Buffer.concat(parts);
}

/** An AMF 0 command message. */
export function command(...values: AmfValue[]): Buffer {
  return chunked({ type: 20, payload: amf0(...values) });
}

export function setChunkSize(sizeBytes: number): Buffer {
  return chunked({ type: 1, payload: uint32(sizeBytes), chunkStreamId: 2 });
}

/** C0, C1 and C2 in one piece: a server must not mind that C2 comes early. */
export function handshake(): Buffer {
  const bytes = Buffer.alloc(1 + 2 * 1536, 0x5a);
  bytes[0] = 3;
  bytes.fill(0, 1, 9);
  return bytes;
}

/** The connect command as OBS words it. */
export function connectValues(application = "live"): AmfValue[] {
  const object = {
    app: application,
    type: "nonprivate",
    flashVer: "FMLE/3.0 (compatible; FMSc/1.0)",
    tcUrl: `rtmp://127.0.0.1/${application}`,
  };
  return ["connect", 1, object];
}

export function connectCommand(application = "live"): Buffer {
  return command(...connectValues(application));
}

export function publishCommand(streamKey: AmfValue): Buffer {
  return chunked({ type: 20, streamId: 1, payload: amf0("publish", 5, null, streamKey, "live") });
}

/** Everything up to the publish request, as one encoder would send it. */
export function untilPublish(streamKey: string): Buffer {
  return Buffer.concat([handshake(), connectCommand(), command("createStream", 4, null), publishCommand(streamKey)]);
}
