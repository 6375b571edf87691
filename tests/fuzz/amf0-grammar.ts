import fc from "fast-check";
import { uint16, uint32 } from "@/tests/support/rtmp-bytes";

const length16 = (honest: number) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(honest) }, { weight: 1, arbitrary: fc.nat(0xffff) });
const length32 = (honest: number) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constant(honest) },
    { weight: 1, arbitrary: fc.constantFrom(0, 0xffffffff, 0x7fffffff, 60_000) },
  );

const word = fc.oneof(
  fc.constantFrom(
    "app",
    "tcUrl",
    "flashVer",
    "framerate",
    "videocodecid",
    "audiocodecid",
    "__proto__",
    "constructor",
    "",
  ),
  fc.string({ maxLength: 12 }),
);
const text16 = word.chain((value) => {
  const bytes = Buffer.from(value);
  return length16(bytes.length).map((length) => Buffer.concat([uint16(length), bytes]));
});
const marked = (marker: number, body: fc.Arbitrary<Buffer>) =>
  body.map((bytes) => Buffer.concat([Buffer.from([marker]), bytes]));
const eightBytes = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => Buffer.from(bytes));
const double = fc.oneof(fc.double(), fc.integer({ min: -1, max: 1001 })).map((value) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
});

const scalar: fc.Arbitrary<Buffer> = fc.oneof(
  marked(0x00, double),
  marked(
    0x01,
    fc.nat(255).map((value) => Buffer.from([value])),
  ),
  marked(0x02, text16),
  fc.constantFrom(0x05, 0x06, 0x0d, 0x11, 0x09).map((marker) => Buffer.from([marker])),
  marked(0x07, fc.nat(0xffff).map(uint16)),
  marked(
    0x0b,
    eightBytes.map((bytes) => Buffer.concat([bytes, uint16(0)])),
  ),
  marked(
    0x0c,
    fc
      .string({ maxLength: 30 })
      .chain((value) => length32(value.length).map((length) => Buffer.concat([uint32(length), Buffer.from(value)]))),
  ),
);

const end = fc.oneof(
  { weight: 9, arbitrary: fc.constant(Buffer.from([0, 0, 9])) },
  { weight: 1, arbitrary: fc.constant(Buffer.alloc(0)) },
);

/** AMF 0 values by the grammar of section 2, a tenth of whose lengths, counts and ends are lies. */
const { value } = fc.letrec<{ value: Buffer }>((tie) => {
  const property = fc.tuple(text16, tie("value")).map((parts) => Buffer.concat(parts));
  const properties = fc
    .tuple(fc.array(property, { maxLength: 4 }), end)
    .map(([all, last]) => Buffer.concat([...all, last]));
  const list = fc
    .array(tie("value"), { maxLength: 4 })
    .chain((items) => length32(items.length).map((count) => Buffer.concat([uint32(count), ...items])));
  return {
    value: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      { weight: 8, arbitrary: scalar },
      marked(0x03, properties),
      marked(
        0x08,
        properties.chain((bytes) => length32(1).map((count) => Buffer.concat([uint32(count), bytes]))),
      ),
      marked(0x0a, list),
      marked(
        0x10,
        fc.tuple(text16, properties).map((parts) => Buffer.concat(parts)),
      ),
    ),
  };
});

const opening = fc.constantFrom(
  Buffer.from([0x03, 0, 0]),
  Buffer.from([0x08, 0, 0, 0, 1, 0, 0]),
  Buffer.from([0x0a, 0, 0, 0, 1]),
);
/** Values within values, deeper than any command has. */
const nested = fc
  .tuple(opening, fc.nat(3_000), value)
  .map(([open, levels, inside]) => Buffer.concat([...Array<Buffer>(levels).fill(open), inside]));

export const amf0Bytes = fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: nested });

const exact = (name: string) => Buffer.concat([Buffer.from([2]), uint16(name.length), Buffer.from(name)]);
const commandName = fc
  .constantFrom(
    "connect",
    "createStream",
    "publish",
    "play",
    "play2",
    "FCPublish",
    "releaseStream",
    "FCUnpublish",
    "deleteStream",
    "closeStream",
    "_result",
  )
  .map(exact);

/** A command's payload: a known name for the most part, then values. */
export const amf0Command = fc
  .tuple(
    fc.oneof({ weight: 9, arbitrary: commandName }, { weight: 1, arbitrary: value }),
    fc.array(value, { maxLength: 5 }),
  )
  .map(([name, values]) => Buffer.concat([name, ...values]));

/** A script tag's payload. */
export const amf0Script = fc
  .tuple(
    fc.constantFrom(["onMetaData"], ["@setDataFrame", "onMetaData"], ["@clearDataFrame"]),
    fc.array(value, { maxLength: 3 }),
  )
  .map(([names, values]) => Buffer.concat([...names.map(exact), ...values]));
