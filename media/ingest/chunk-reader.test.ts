import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { basicHeader, chunked, type MessageToSend, uint32 } from "@/tests/support/rtmp-bytes";
import { type ChunkedMessage, ChunkReader } from "./chunk-reader";
import { ProtocolError } from "./protocol-error";
import { sessionBounds } from "./rtmp-session";

type Outcome = { messages: ChunkedMessage[]; error: string | null; mostInFlightBytes: number };

/** Feeds the pieces; SetChunkSize and Abort are obeyed as a session would. */
function read(pieces: Buffer[]): Outcome {
  const outcome: Outcome = { messages: [], error: null, mostInFlightBytes: 0 };
  const reader = new ChunkReader(sessionBounds, (message) => {
    outcome.messages.push(message);
    if (message.type === 1) reader.setChunkSize(message.payload.readUInt32BE());
    if (message.type === 2) reader.abort(message.payload.readUInt32BE());
  });
  try {
    for (const piece of pieces) {
      reader.read(piece);
      outcome.mostInFlightBytes = Math.max(outcome.mostInFlightBytes, reader.inFlightBytes);
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    outcome.error = error.code;
  }
  return outcome;
}

function payloadOf(sizeBytes: number, seed = 1): Buffer {
  return Buffer.from(Array.from({ length: sizeBytes }, (_, i) => (i * 7 + seed) & 0xff));
}

const delta = (format: number, cid: number, timestampDelta: number, length?: number) =>
  Buffer.concat([
    basicHeader(format, cid),
    Buffer.from([timestampDelta >>> 16, timestampDelta >>> 8, timestampDelta]),
    ...(length === undefined ? [] : [Buffer.from([0, length >>> 8, length, 9])]),
  ]);

describe("ChunkReader", () => {
  it.each([3, 63, 64, 319, 320, 65_599])("reads a message on chunk stream %i", (chunkStreamId) => {
    const { messages } = read([
      chunked({ type: 9, payload: payloadOf(300), timestampMs: 5, chunkStreamId, streamId: 1 }),
    ]);
    expect(messages).toEqual([{ type: 9, streamId: 1, timestampMs: 5, payload: payloadOf(300) }]);
  });

  it("keeps chunk streams apart whose ids need two and three bytes", () => {
    const first = chunked({ type: 9, payload: payloadOf(200), chunkStreamId: 65 });
    const second = chunked({ type: 8, payload: payloadOf(200, 9), chunkStreamId: 65 + 256 });
    const cut = 12 + 1 + 128;
    const { messages } = read([
      first.subarray(0, cut),
      second.subarray(0, cut + 1),
      first.subarray(cut),
      second.subarray(cut + 1),
    ]);
    expect(messages.map(({ type, payload }) => [type, payload])).toEqual([
      [9, payloadOf(200)],
      [8, payloadOf(200, 9)],
    ]);
  });

  it("adds deltas of types 1, 2 and 3, and counts times modulo 2^32", () => {
    const near = 2 ** 32 - 10;
    const { messages } = read([
      chunked({ type: 9, payload: payloadOf(2), timestampMs: near, chunkStreamId: 6 }),
      Buffer.concat([delta(1, 6, 4, 3), payloadOf(3)]),
      Buffer.concat([delta(2, 6, 5), payloadOf(3)]),
      Buffer.concat([basicHeader(3, 6), payloadOf(3)]),
    ]);
    expect(messages.map((message) => message.timestampMs)).toEqual([near, near + 4, near + 9, 4]);
  });

  it.each(["everywhere", "first-chunk-only"] as const)("reads extended timestamps sent %s", (extendedTimestamps) => {
    const sizes = [0, 1, 127, 128, 129, 130, 131, 132, 256, 257, 600];
    const sent = sizes.map((sizeBytes, i): MessageToSend => {
      return {
        type: 9,
        payload: payloadOf(sizeBytes),
        timestampMs: 0x1000000 + i,
        chunkStreamId: 6,
        extendedTimestamps,
      };
    });
    const { messages, error } = read(sent.map(chunked));
    expect(error).toBeNull();
    expect(messages.map(({ timestampMs, payload }) => ({ timestampMs, payload }))).toEqual(
      sent.map(({ timestampMs, payload }) => ({ timestampMs, payload })),
    );
  });

  it("applies a new chunk size from the next chunk on, in the middle of another message too", () => {
    const video = chunked({ type: 9, payload: payloadOf(400), chunkStreamId: 6 });
    const head = video.subarray(0, 12 + 128);
    const rest = Buffer.concat([basicHeader(3, 6), payloadOf(400).subarray(128)]);
    const { messages } = read([head, chunked({ type: 1, payload: uint32(4096), chunkStreamId: 2 }), rest]);
    expect(messages[1]?.payload).toEqual(payloadOf(400));
  });

  it("throws away what an Abort message names and goes on", () => {
    const begun = chunked({ type: 9, payload: payloadOf(400), chunkStreamId: 6 }).subarray(0, 12 + 128);
    const whole = chunked({ type: 9, payload: payloadOf(10), chunkStreamId: 6 });
    const { messages, mostInFlightBytes } = read([
      begun,
      chunked({ type: 2, payload: uint32(6), chunkStreamId: 2 }),
      whole,
    ]);
    expect(messages.map((message) => message.type)).toEqual([2, 9]);
    expect(mostInFlightBytes).toBe(400);
  });

  it("takes a first header of type 1, as librtmp sends it", () => {
    const { messages } = read([Buffer.concat([delta(1, 2, 0, 4), uint32(7)])]);
    expect(messages).toEqual([{ type: 9, streamId: 0, timestampMs: 0, payload: uint32(7) }]);
  });

  it("gives each message memory of its own, exactly as long as the message", () => {
    const wire = chunked({ type: 9, payload: payloadOf(100_000), chunkSize: 128 });
    const { messages } = read([wire]);
    wire.fill(0);
    expect(messages[0]?.payload.equals(payloadOf(100_000))).toBe(true);
  });

  it.each([
    ["type 3 on a fresh chunk stream", basicHeader(3, 7), "chunk-without-header"],
    ["type 2 on a fresh chunk stream", basicHeader(2, 7), "chunk-without-header"],
    [
      "a new header in the middle of a message",
      chunked({ type: 9, payload: payloadOf(300) }).fill(3, 140, 141),
      "message-interrupted",
    ],
    ["a chunk size of 0", chunked({ type: 1, payload: uint32(0) }), "chunk-size-malformed"],
    ["a chunk size with its first bit set", chunked({ type: 1, payload: uint32(0x80000000) }), "chunk-size-malformed"],
    [
      "a command of 16 MB",
      chunked({ type: 20, payload: payloadOf(1), announcedLength: 0xffffff }),
      "message-too-large",
    ],
    ["a picture of 16 MB", chunked({ type: 9, payload: payloadOf(1), announcedLength: 0xffffff }), "message-too-large"],
    [
      "too many chunk streams",
      Buffer.concat(
        Array.from({ length: 80 }, (_, i) => chunked({ type: 9, payload: payloadOf(1), chunkStreamId: 100 + i })),
      ),
      "chunk-streams-exceeded",
    ],
  ])("refuses %s", (_name, bytes, code) => {
    expect(read([bytes]).error).toBe(code);
  });

  it("takes memory as bytes arrive, not as headers announce them", () => {
    const begun = Array.from({ length: 60 }, (_, i) =>
      chunked({ type: 9, payload: payloadOf(128), announcedLength: 8_000_000, chunkStreamId: 3 + i }),
    );
    expect(read([Buffer.concat(begun)]).mostInFlightBytes).toBeLessThan(60 * 20_000);
  });

  it("refuses more unfinished messages than the bound allows", () => {
    const big = Array.from({ length: 4 }, (_, i) =>
      Buffer.concat([
        chunked({ type: 1, payload: uint32(5_000_000), chunkStreamId: 2 }),
        chunked({
          type: 9,
          payload: Buffer.alloc(5_000_000),
          announcedLength: 8_000_000,
          chunkStreamId: 10 + i,
          chunkSize: 5_000_000,
        }),
      ]),
    );
    const { error, mostInFlightBytes } = read(big);
    expect(error).toBe("in-flight-exceeded");
    expect(mostInFlightBytes).toBeLessThanOrEqual(sessionBounds.maxInFlightBytes);
  });

  it("reads what was sent, however the network cuts it", () => {
    const message = fc.record({
      type: fc.constantFrom(8, 9, 18, 20),
      payload: fc.uint8Array({ maxLength: 700 }).map((bytes) => Buffer.from(bytes)),
      timestampMs: fc.oneof(fc.nat(1000), fc.constantFrom(0xfffffe, 0xffffff, 0x1000000, 2 ** 32 - 1)),
      chunkStreamId: fc.constantFrom(3, 4, 64, 400),
      extendedTimestamps: fc.constant("everywhere" as const),
    });
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 6 }),
        fc.array(fc.nat(60), { minLength: 1, maxLength: 20 }),
        (sent, cuts) => {
          const wire = Buffer.concat(sent.map((each) => chunked(each)));
          const pieces: Buffer[] = [];
          for (let offset = 0, i = 0; offset < wire.length; i++) {
            const size = 1 + (cuts[i % cuts.length] ?? 0);
            pieces.push(wire.subarray(offset, offset + size));
            offset += size;
          }
          const { messages, error } = read(pieces);
          expect(error).toBeNull();
          expect(messages.map(({ type, timestampMs, payload }) => [type, timestampMs, payload])).toEqual(
            sent.map(({ type, timestampMs, payload }) => [type, timestampMs, payload]),
          );
        },
      ),
    );
  });

  it("answers any bytes with messages or a ProtocolError, within its memory", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }), (pieces) => {
        expect(read(pieces.map((piece) => Buffer.from(piece))).mostInFlightBytes).toBeLessThan(
          sessionBounds.maxInFlightBytes,
        );
      }),
    );
  });
});
