import { describe, expect, test } from "vitest";
import { readScriptTag } from "./script-tag";

type Value = number | boolean | string | null | Buffer;

const text = (value: string): Buffer =>
  Buffer.concat([Buffer.from([value.length >> 8, value.length & 255]), Buffer.from(value)]);

function amf(value: Value): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (value === null) return Buffer.from([5]);
  if (typeof value === "boolean") return Buffer.from([1, value ? 1 : 0]);
  if (typeof value === "string") return Buffer.concat([Buffer.from([2]), text(value)]);
  const number = Buffer.alloc(9);
  number.writeDoubleBE(value, 1);
  return number;
}

function metadata(
  properties: Record<string, Value>,
  { names = ["onMetaData"], array = true, end = true } = {},
): Buffer {
  const rows = Object.entries(properties).map(([name, value]) => Buffer.concat([text(name), amf(value)]));
  const head = array ? Buffer.from([8, 0, 0, 0, rows.length]) : Buffer.from([3]);
  return Buffer.concat([...names.map(amf), head, ...rows, Buffer.from(end ? [0, 0, 9] : [])]);
}

const nothing = { hasVideo: null, hasAudio: null, frameRate: null };
const date = Buffer.from("0b0000000000000000 0000".replace(" ", ""), "hex");

describe("what onMetaData announces", () => {
  const rows: [string, Buffer, object][] = [
    [
      "both tracks",
      metadata({ videocodecid: 7, audiocodecid: 10, framerate: 30 }),
      { hasVideo: true, hasAudio: true, frameRate: 30 },
    ],
    [
      "picture only",
      metadata({ videocodecid: 7, framerate: 59.94 }),
      { hasVideo: true, hasAudio: false, frameRate: 59.94 },
    ],
    ["sound only", metadata({ audiocodecid: 10 }), { hasVideo: false, hasAudio: true, frameRate: null }],
    [
      "behind @setDataFrame",
      metadata({ videocodecid: "hvc1" }, { names: ["@setDataFrame", "onMetaData"] }),
      { hasVideo: true, hasAudio: false, frameRate: null },
    ],
    [
      "in an object",
      metadata({ videocodecid: 7 }, { array: false }),
      { hasVideo: true, hasAudio: false, frameRate: null },
    ],
    ["neither track", metadata({ encoder: "x", stereo: true }), nothing],
    [
      "a nested value ends the reading",
      metadata({ videocodecid: 7, when: date, audiocodecid: 10 }),
      { hasVideo: true, hasAudio: null, frameRate: null },
    ],
    ["no end", metadata({ videocodecid: 7 }, { end: false }), { hasVideo: true, hasAudio: null, frameRate: null }],
    [
      "an impossible frame rate",
      metadata({ videocodecid: 7, framerate: 0 }),
      { hasVideo: true, hasAudio: false, frameRate: null },
    ],
    [
      "not a number",
      metadata({ videocodecid: 7, framerate: Number.NaN }),
      { hasVideo: true, hasAudio: false, frameRate: null },
    ],
    ["another event", metadata({ videocodecid: 7 }, { names: ["onTextData"] }), nothing],
    ["nothing", Buffer.alloc(0), nothing],
  ];
  test.each(rows)("%s", (_name, payload, expected) => {
    expect(readScriptTag(payload)).toEqual(expected);
  });

  test("cut off at any length it never throws", () => {
    const whole = metadata({ videocodecid: 7, audiocodecid: 10, framerate: 30, encoder: "obs", stereo: true });
    for (let size = 0; size < whole.length; size++) readScriptTag(whole.subarray(0, size));
    expect(readScriptTag(whole).frameRate).toBe(30);
  });

  test("reading is bounded however many properties there are, and one name however often", () => {
    const row = Buffer.concat([text("a"), amf(null)]);
    const many = Buffer.concat([
      amf("onMetaData"),
      Buffer.from([3]),
      ...Array<Buffer>(200_000).fill(row),
      text("framerate"),
      amf(30),
    ]);
    expect(readScriptTag(many)).toEqual(nothing);
  });
});
