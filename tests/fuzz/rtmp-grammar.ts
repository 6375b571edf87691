import fc from "fast-check";
import { amf0, basicHeader, chunked, uint32 } from "@/tests/support/rtmp-bytes";
import { amf0Command, amf0Script } from "./amf0-grammar";

const chunkStreamId = fc.oneof(fc.integer({ min: 2, max: 8 }), fc.constantFrom(63, 64, 319, 320, 65_599));
const time = fc.oneof(fc.nat(1000), fc.constantFrom(0xfffffe, 0xffffff, 0x1000000, 0xffffffff));
const length = fc.oneof(fc.nat(300), fc.constantFrom(0, 127, 128, 129, 65_536, 65_537, 1_048_576, 8_388_608, 0xffffff));
const messageType = fc.oneof(fc.constantFrom(1, 2, 3, 4, 5, 6, 8, 9, 15, 17, 18, 20, 22), fc.nat(255));
const noise = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

/** One chunk by the grammar of section 5.3.1, whose header need not fit what came before. */
export const looseChunk = fc
  .record({ format: fc.nat(3), chunkStreamId, time, length, type: messageType, streamId: fc.nat(2), payload: noise })
  .map(({ format, chunkStreamId: id, time: ms, length: announced, type, streamId, payload }) => {
    const isExtended = ms >= 0xffffff;
    const field = uint32(isExtended ? 0xffffff : ms).subarray(1);
    const little = Buffer.alloc(4);
    little.writeUInt32LE(streamId);
    const header = [field, Buffer.concat([uint32(announced).subarray(1), Buffer.from([type])]), little];
    const behind = isExtended && format < 3 ? uint32(ms) : Buffer.alloc(0);
    return Buffer.concat([basicHeader(format, id), ...header.slice(0, 3 - format), behind, payload]);
  });

const controlValue = fc.oneof(
  fc.constantFrom(0, 1, 2, 127, 128, 4096, 65_536, 0x7fffffff, 0x80000000, 0xffffffff).map(uint32),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
);
const payloadOf: Record<string, { type: number; payload: fc.Arbitrary<Buffer> }> = {
  setChunkSize: { type: 1, payload: controlValue },
  abort: { type: 2, payload: controlValue },
  acknowledgement: { type: 3, payload: controlValue },
  userControl: { type: 4, payload: noise },
  window: { type: 5, payload: controlValue },
  bandwidth: { type: 6, payload: controlValue },
  sound: { type: 8, payload: noise },
  picture: { type: 9, payload: noise },
  script: { type: 18, payload: amf0Script },
  command: { type: 20, payload: amf0Command },
  command3: { type: 17, payload: amf0Command.map((bytes) => Buffer.concat([Buffer.from([0]), bytes])) },
};

/** A whole message, in chunks of the size that is right until somebody has changed it. */
export const wholeMessage = fc.constantFrom(...Object.keys(payloadOf)).chain((name) => {
  const { type, payload } = payloadOf[name] ?? { type: 0, payload: noise };
  return fc
    .record({ payload, chunkStreamId, time, streamId: fc.nat(1), chunkSize: fc.constantFrom(128, 128, 128, 1, 4096) })
    .map((message) => chunked({ ...message, type, timestampMs: message.time }));
});

const goodCommand = (...values: Parameters<typeof amf0>) =>
  chunked({ type: 20, payload: amf0(...values), streamId: 1 });
export const goodStep = fc.constantFrom(
  goodCommand("connect", 1, { app: "live", tcUrl: "rtmp://h/live" }),
  goodCommand("createStream", 4, null),
  goodCommand("publish", 5, null, "live_key", "live"),
  goodCommand("FCUnpublish", 6, null, "live_key"),
  chunked({ type: 9, payload: Buffer.from([0x17, 1, 0, 0, 0, 9]), streamId: 1, chunkStreamId: 6 }),
);
