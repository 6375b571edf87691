import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { amf0, uint32 } from "@/tests/support/rtmp-bytes";
import { Amf0Reader } from "./amf0-reader";
import { ProtocolError } from "./protocol-error";

function readAll(bytes: Buffer): unknown[] {
  const reader = new Amf0Reader(bytes);
  const values: unknown[] = [];
  while (reader.hasMore()) values.push(reader.read());
  return values;
}

function codeOf(bytes: Buffer): string {
  try {
    readAll(bytes);
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
  return "no error";
}

describe("Amf0Reader", () => {
  it("reads every type that commands use", () => {
    const object = { app: "live", nested: { on: true }, nothing: null };
    expect(readAll(amf0("connect", 1, object, [1, "two"], undefined))).toEqual([
      "connect",
      1,
      object,
      [1, "two"],
      undefined,
    ]);
  });

  it("reads an ECMA array by its end marker, whatever its count says", () => {
    const bytes = Buffer.concat([Buffer.from([8]), uint32(4_000_000_000), amf0({ width: 320 }).subarray(1)]);
    expect(readAll(bytes)).toEqual([{ width: 320 }]);
  });

  it("takes __proto__ for a key like any other", () => {
    const key = Buffer.from("__proto__");
    const bytes = Buffer.concat([
      Buffer.from([3, 0, key.length]),
      key,
      amf0({ polluted: true }),
      Buffer.from([0, 0, 9]),
    ]);
    const [object] = readAll(bytes);
    expect(Object.keys(object as object)).toEqual(["__proto__"]);
    expect({}).not.toHaveProperty("polluted");
  });

  it.each([
    ["a text that is longer than the message", Buffer.from([2, 0xff, 0xff, 65]), "amf-malformed"],
    ["a long text of 4 GB", Buffer.concat([Buffer.from([0x0c]), uint32(0xffffffff)]), "amf-malformed"],
    ["a number cut short", Buffer.from([0, 1, 2]), "amf-malformed"],
    ["a marker that does not exist", Buffer.from([0x42]), "amf-malformed"],
    ["an object without an end", amf0({ a: 1 }).subarray(0, -3), "amf-malformed"],
    [
      "an array of four thousand million values",
      Buffer.concat([Buffer.from([0x0a]), uint32(0xffffffff)]),
      "amf-malformed",
    ],
    ["arrays within arrays without end", Buffer.from(Array(2000).fill([0x0a, 0, 0, 0, 1]).flat()), "amf-too-deep"],
    ["more values than any command has", amf0(Array(600).fill(null)), "amf-too-many-values"],
  ])("refuses %s", (_name, bytes, code) => {
    expect(codeOf(bytes)).toBe(code);
  });

  it("answers any bytes with values or with a ProtocolError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        codeOf(Buffer.from(bytes));
      }),
    );
  });
});
