import fc from "fast-check";
import { avcRecord, BitWriter } from "@/tests/support/bit-writer";
import { opusHeadOf, recordedConfigs } from "@/tests/support/decoder-configs";
import { uint16 } from "@/tests/support/rtmp-bytes";
import { mutate, mutations } from "./mutation";

export type CodecName = "h264" | "hevc" | "av1" | "aac" | "opus";
export type CodecRecord = { codec: CodecName; record: Buffer };

const recorded: CodecRecord[] = recordedConfigs().map(({ codec, record }) => {
  return { codec, record: codec === "opus" ? opusHeadOf(record) : record };
});

/** Real encoders' records, one in three as it is. */
export const recordedRecord = fc.constantFrom(...recorded);
export const mutatedRecord = fc
  .tuple(recordedRecord, mutations(6))
  .map(([{ codec, record }, changes]): CodecRecord => ({ codec, record: mutate(record, changes) }));

const golomb = fc.oneof(fc.nat(8), fc.nat(300), fc.constantFrom(65_535, 2 ** 31, 2 ** 32 - 2));
const claims = fc
  .record({
    widthInMbs: fc.oneof(fc.integer({ min: 1, max: 600 }), fc.constantFrom(1, 512, 513, 2 ** 28)),
    heightInMbs: fc.oneof(fc.integer({ min: 1, max: 600 }), fc.constantFrom(1, 512, 513, 2 ** 28)),
    timing: fc.option(
      fc.record({
        unitsInTick: fc.constantFrom(0, 1, 1001, 2 ** 32 - 1),
        timeScale: fc.constantFrom(0, 1, 48_000, 60_000, 2 ** 32 - 1),
      }),
      { nil: undefined },
    ),
  })
  .map((claim): CodecRecord => ({ codec: "h264", record: avcRecord(claim) }));

const avcRecordOf = (sps: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from([1, 100, 0, 30, 0xff, 0xe1]),
    uint16(sps.length),
    sps,
    Buffer.from("01000468ce3c80", "hex"),
  ]);

/** An SPS of High profile with a scaling matrix, a picture order count cycle and cropping of any size. */
const highSps = fc
  .record({
    chroma: golomb,
    lists: fc.array(golomb, { maxLength: 70 }),
    cycle: golomb,
    crop: fc.array(golomb, { minLength: 4, maxLength: 4 }),
    size: golomb,
  })
  .map(({ chroma, lists, cycle, crop, size }): CodecRecord => {
    const sps = new BitWriter().u(8, 100).u(8, 0).u(8, 30).ue(0).ue(chroma).ue(0).ue(0).u(1, 0).u(1, 1);
    for (const value of lists) sps.u(1, value & 1).ue(value);
    sps.ue(0).ue(1).u(1, 0).ue(1).ue(1).ue(cycle).ue(size).ue(size).u(1, 0).u(1, 0).u(1, 0).u(1, 1);
    for (const value of crop) sps.ue(value);
    return { codec: "h264", record: avcRecordOf(sps.u(1, 0).nalUnit(0x67)) };
  });

const garbage = fc
  .tuple(fc.constantFrom<CodecName>("h264", "hevc", "av1", "aac", "opus"), fc.uint8Array({ maxLength: 200 }))
  .map(([codec, bytes]): CodecRecord => ({ codec, record: Buffer.from(bytes) }));

/** A few bits decide everything in an AudioSpecificConfig: all of them are tried. */
const audioSpecific = fc
  .uint8Array({ minLength: 2, maxLength: 9 })
  .map((bytes): CodecRecord => ({ codec: "aac", record: Buffer.from(bytes) }));

export const anyRecord = fc.oneof(
  recordedRecord,
  mutatedRecord,
  mutatedRecord,
  claims,
  highSps,
  audioSpecific,
  garbage,
);
