import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { opusHeadOf, recordedConfig } from "@/tests/support/decoder-configs";
import { recordedTags } from "@/tests/support/flv-tags";
import { CodecError } from "../codec/codec-error";
import type { FlvEvent } from "./flv-unit";
import { readFlvMessage } from "./read-flv-message";

const avcC = recordedConfig("h264 baseline 640x360");
const hvcC = recordedConfig("hevc main 1280x720");
const av1C = recordedConfig("av1 SVT 1280x720");
const aac = recordedConfig("aac 44.1 kHz stereo");
const opus = opusHeadOf(recordedConfig("opus stereo"));
const nal = Buffer.from("0000000265880000000341e024", "hex");

const bytes = (...parts: (number | string | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === "number" ? Buffer.from([part]) : Buffer.from(part as string))));
const video = (...parts: (number | string | Buffer)[]): FlvEvent =>
  readFlvMessage({ type: "video", timestampMs: 40, payload: bytes(...parts) });
const audio = (...parts: (number | string | Buffer)[]): FlvEvent =>
  readFlvMessage({ type: "audio", timestampMs: 40, payload: bytes(...parts) });

const unit = (track: "video" | "audio", data: Buffer, compositionOffsetMs = 0, isKeyFrame = true): FlvEvent => ({
  kind: "unit",
  unit: { track, timestampMs: 40, compositionOffsetMs, isKeyFrame, data },
});

describe("what a message means", () => {
  const rows: [string, FlvEvent, FlvEvent | { kind: "config"; codec: string }][] = [
    ["legacy AVC sequence header", video(0x17, 0, 0, 0, 0, avcC), { kind: "config", codec: "h264" }],
    ["legacy AVC key frame", video(0x17, 1, 0, 0, 80, nal), unit("video", nal, 80)],
    ["legacy AVC frame", video(0x27, 1, 0, 0, 0, nal), unit("video", nal, 0, false)],
    ["negative composition offset", video(0x27, 1, 0xff, 0xff, 0xd6, nal), unit("video", nal, -42, false)],
    ["least composition offset", video(0x27, 1, 0x80, 0, 0, nal), unit("video", nal, -8388608, false)],
    ["end of sequence", video(0x17, 2, 0, 0, 0), { kind: "nothing" }],
    ["frame without a body", video(0x27, 1, 0, 0, 0), { kind: "nothing" }],
    ["video command", video(0x57, 0), { kind: "nothing" }],
    ["H.263", video(0x12, 0), { kind: "unsupported", codec: "Sorenson H.263" }],
    ["unknown legacy video", video(0x1c, 0), { kind: "unsupported", codec: "FLV video codec 12" }],
    ["legacy AAC sequence header", audio(0xaf, 0, aac), { kind: "config", codec: "aac" }],
    ["legacy AAC frame", audio(0xaf, 1, nal), unit("audio", nal)],
    ["MP3", audio(0x2f, nal), { kind: "unsupported", codec: "MP3" }],
    ["Speex", audio(0xb2, nal), { kind: "unsupported", codec: "Speex" }],
    ["enhanced AVC header", video(0x90, "avc1", avcC), { kind: "config", codec: "h264" }],
    ["enhanced AVC frame", video(0x91, "avc1", 0xff, 0xff, 0xff, nal), unit("video", nal, -1)],
    ["enhanced HEVC header", video(0x90, "hvc1", hvcC), { kind: "config", codec: "hevc" }],
    ["enhanced HEVC frame", video(0xa1, "hvc1", 0, 0, 33, nal), unit("video", nal, 33, false)],
    ["enhanced HEVC frame without offset", video(0xa3, "hvc1", nal), unit("video", nal, 0, false)],
    ["enhanced AV1 header", video(0x90, "av01", av1C), { kind: "config", codec: "av1" }],
    ["enhanced AV1 frame", video(0x91, "av01", nal), unit("video", nal)],
    ["enhanced VP9", video(0x90, "vp09", nal), { kind: "unsupported", codec: "vp09" }],
    ["a codec named like a property of all objects", video(0x90, "__pr", nal), { kind: "unsupported", codec: "__pr" }],
    ["a codec with unprintable letters", video(0x90, "a\n\x00\x1b", nal), { kind: "unsupported", codec: "a???" }],
    ["enhanced end of sequence", video(0x92, "hvc1"), { kind: "nothing" }],
    ["HDR metadata", video(0x94, "hvc1", nal), { kind: "nothing" }],
    ["enhanced AAC header", audio(0x90, "mp4a", aac), { kind: "config", codec: "aac" }],
    ["enhanced Opus header", audio(0x90, "Opus", opus), { kind: "config", codec: "opus" }],
    ["enhanced Opus frame", audio(0x91, "Opus", nal), unit("audio", nal)],
    ["enhanced AC-3", audio(0x90, "ac-3", nal), { kind: "unsupported", codec: "ac-3" }],
    ["channel mapping", audio(0x94, "Opus", nal), { kind: "nothing" }],
    ["a modifier", video(0x97, 2, 0, 0, 9, 0x01, "hvc1", 0, 0, 33, nal), unit("video", nal, 33)],
    ["two modifiers", video(0xa7, 0, 1, 0x07, 0, 2, 0x03, "hvc1", nal), unit("video", nal, 0, false)],
    ["a long modifier", video(0x97, 255, 1, 0, Buffer.alloc(257), 0x01, "av01", nal), unit("video", nal)],
    ["a modifier before sound", audio(0x97, 2, 0, 0, 9, 0x01, "Opus", nal), unit("audio", nal)],
    ["the only track", video(0x96, 0x01, "av01", 0, nal), unit("video", nal)],
    ["another track alone", audio(0x95, 0x01, "Opus", 1, nal), { kind: "nothing" }],
    ["many tracks", audio(0x95, 0x11, "Opus", 1, 0, 0, 2, 7, 7, 0, 0, 0, 13, nal), unit("audio", nal)],
    [
      "many tracks of many codecs",
      video(0x96, 0x23, "vp09", 1, 0, 0, 1, 7, "hvc1", 0, 0, 0, 13, nal),
      unit("video", nal),
    ],
    ["a modifier before many tracks", video(0x97, 0, 1, 0x06, 0x01, "av01", 0, nal), unit("video", nal)],
    ["an empty video message", video(), { kind: "nothing" }],
    ["an empty audio message", audio(), { kind: "nothing" }],
  ];
  test.each(rows)("%s", (_name, event, expected) => {
    if ("codec" in expected && expected.kind === "config") {
      expect(event).toMatchObject({ kind: "config", config: { codec: expected.codec } });
    } else expect(event).toEqual(expected);
  });
});

describe("whatever comes", () => {
  const messages = [
    bytes(0x17, 0, 0, 0, 0, avcC),
    bytes(0x27, 1, 0, 0, 0, nal),
    bytes(0x90, "hvc1", hvcC),
    bytes(0x97, 255, 1, 0, Buffer.alloc(257), 0x96, 0x23, "av01", 0, 0, 0, 40, av1C),
    bytes(0x96, 0x11, "av01", 1, 0, 0, 4, nal, 0, 0, 0, 4, nal),
    bytes(0x90, "Opus", opus),
    bytes(0xaf, 0, aac),
  ];
  const read = (type: "audio" | "video" | "data", payload: Buffer): FlvEvent | null => {
    try {
      return readFlvMessage({ type, timestampMs: 0, payload });
    } catch (error) {
      if (error instanceof CodecError) return null;
      throw error;
    }
  };

  test("a message cut off at any length is read, refused or nothing", () => {
    for (const message of messages) {
      for (let size = 0; size <= message.length; size++) {
        for (const type of ["audio", "video", "data"] as const) read(type, message.subarray(0, size));
      }
    }
  });

  test("garbage is read, refused or nothing, and a unit's bytes lie within the message", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom("audio", "video", "data"), (garbage, type) => {
        const event = read(type, Buffer.from(garbage));
        if (event?.kind === "unit") expect(event.unit.data.length).toBeLessThan(garbage.length);
      }),
      { numRuns: 3000 },
    );
  });

  test("a recorded broadcast gives a configuration of each track and every frame", () => {
    const types = { 8: "audio", 9: "video", 18: "data" } as const;
    const kinds: Record<string, number> = {};
    for (const tag of recordedTags("h264-aac-4s.flv")) {
      const event = readFlvMessage({ type: types[tag.type], timestampMs: tag.timestampMs, payload: tag.payload });
      const kind = event.kind === "unit" ? event.unit.track : event.kind;
      kinds[kind] = (kinds[kind] ?? 0) + 1;
    }
    expect(kinds).toMatchObject({ metadata: 1, config: 2, video: 120 });
  });
});
