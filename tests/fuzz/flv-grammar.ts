import fc from "fast-check";
import type { FlvMessage } from "@/media/flv/read-flv-message";
import { amf0Script } from "./amf0-grammar";
import { anyRecord, type CodecRecord } from "./codec-grammar";
import { edgeByte } from "./mutation";

const fourCcs = { h264: "avc1", hevc: "hvc1", av1: "av01", aac: "mp4a", opus: "Opus" } as const;

/** A sequence header as this codec's encoders send it. */
export function headerMessage({ codec, record }: CodecRecord, isLegacy: boolean): FlvMessage {
  const type = codec === "aac" || codec === "opus" ? "audio" : "video";
  const legacy = codec === "h264" ? [0x17, 0, 0, 0, 0] : codec === "aac" ? [0xaf, 0] : null;
  const head =
    isLegacy && legacy ? Buffer.from(legacy) : Buffer.concat([Buffer.from([0x90]), Buffer.from(fourCcs[codec])]);
  return { type, timestampMs: 0, payload: Buffer.concat([head, record]) };
}

const noise = fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes));
const timestampMs = fc.oneof(fc.nat(10_000), fc.constantFrom(0, 0x7fffffff, 0x80000000, 0xffffffff));
const fourCc = fc.constantFrom("avc1", "hvc1", "av01", "mp4a", "Opus", "vp09", "ac-3", "\0\0\0\0");

const header = fc.tuple(anyRecord, fc.boolean()).map(([record, isLegacy]) => headerMessage(record, isLegacy));
const plain = fc
  .tuple(fc.constantFrom<"audio" | "video">("audio", "video"), fc.oneof(edgeByte, fc.nat(255)), noise, timestampMs)
  .map(
    ([type, first, body, ms]): FlvMessage => ({
      type,
      timestampMs: ms,
      payload: Buffer.concat([Buffer.from([first]), body]),
    }),
  );

/** Enhanced RTMP 2: modifiers, several tracks, and what lies behind them. */
const track = fc
  .tuple(fc.option(fourCc, { nil: "" }), fc.nat(2), fc.nat(200), noise)
  .map(([cc, id, size, body]) => Buffer.concat([Buffer.from(cc, "latin1"), Buffer.from([id, 0, 0, size]), body]));
const modifier = fc
  .tuple(fc.nat(255), noise, fc.nat(15))
  .map(([size, body, next]) => Buffer.concat([Buffer.from([size]), body, Buffer.from([next])]));
const enhanced = fc
  .record({
    type: fc.constantFrom<"audio" | "video">("audio", "video"),
    frameType: fc.nat(7),
    packetType: fc.nat(15),
    modifiers: fc.array(modifier, { maxLength: 3 }),
    multitrack: fc.nat(255),
    cc: fourCc,
    tracks: fc.array(track, { maxLength: 3 }),
  })
  .map(({ type, frameType, packetType, modifiers, multitrack, cc, tracks }): FlvMessage => {
    const first = type === "video" ? 0x80 | (frameType << 4) | packetType : 0x90 | packetType;
    const payload = Buffer.concat([
      Buffer.from([first]),
      ...modifiers,
      Buffer.from([multitrack]),
      Buffer.from(cc, "latin1"),
      ...tracks,
    ]);
    return { type, timestampMs: 0, payload };
  });
const script = amf0Script.map((payload): FlvMessage => ({ type: "data", timestampMs: 0, payload }));

export const flvMessage = fc.oneof(header, plain, enhanced, script);
