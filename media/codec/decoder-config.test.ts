import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { avcRecord } from "@/tests/support/bit-writer";
import { opusHeadOf, type RecordedConfig, recordedConfig, recordedConfigs } from "@/tests/support/decoder-configs";
import { parseAacConfig } from "./aac";
import { parseAv1Config } from "./av1";
import { parseAvcConfig } from "./avc";
import { CodecError } from "./codec-error";
import { type DecoderConfig, isSameConfig } from "./decoder-config";
import { parseHevcConfig } from "./hevc";
import { opusPacketSamples, parseOpusConfig } from "./opus";

const parsers: Record<RecordedConfig["codec"], (record: Buffer) => DecoderConfig> = {
  h264: parseAvcConfig,
  hevc: parseHevcConfig,
  av1: parseAv1Config,
  aac: parseAacConfig,
  opus: parseOpusConfig,
};

const codecsStrings: Record<string, string> = {
  "h264 baseline 640x360": "avc1.42c01e",
  "h264 high 1920x1080, cropped from 1088": "avc1.640028",
  "hevc main 1280x720": "hvc1.1.6.L93.90",
  "hevc main10, cropped 1918x1078": "hvc1.2.4.L120.90",
  "hevc 4:4:4": "hvc1.4.10.L63.9E.8",
  "av1 SVT 1280x720": "av01.0.05M.08",
  "av1 libaom 10 bit 642x362": "av01.0.01M.10",
  "aac 44.1 kHz stereo": "mp4a.40.2",
  "opus stereo": "opus",
};

/** The record as it comes over RTMP. */
const onWire = ({ codec, record }: RecordedConfig): Buffer => (codec === "opus" ? opusHeadOf(record) : record);

/** What a parser makes of bytes: a configuration or the one error that it may throw. */
function attempt(parse: (record: Buffer) => DecoderConfig, record: Buffer): DecoderConfig | null {
  try {
    return parse(record);
  } catch (error) {
    if (error instanceof CodecError) return null;
    throw error;
  }
}

describe("a real encoder's configuration is read as ffprobe reads its stream", () => {
  for (const recorded of recordedConfigs()) {
    test(recorded.name, () => {
      const config = parsers[recorded.codec](onWire(recorded));
      expect(config.codec).toBe(recorded.codec);
      const expected = codecsStrings[recorded.name];
      if (expected) expect(config.codecs).toBe(expected);
      if (config.track === "video") {
        expect([config.width, config.height]).toEqual([recorded.width, recorded.height]);
        if (config.frameRate !== null) expect(config.frameRate).toBeCloseTo(recorded.frameRate, 6);
      } else {
        expect([config.sampleRate, config.channels]).toEqual([recorded.sampleRate, recorded.channels]);
      }
    });
  }

  test("the frame rate of an H.264 stream's VUI is read", () => {
    expect(parseAvcConfig(recordedConfig("h264 main 1280x720 at 59.94")).frameRate).toBeCloseTo(60000 / 1001, 6);
    expect(parseAvcConfig(recordedConfig("h264 full VUI")).frameRate).toBe(24);
    expect(parseAvcConfig(recordedConfig("h264 interlaced 1920x1080")).frameRate).toBe(25);
  });
});

describe("sound", () => {
  test("HE-AAC that says so has its output's sampling rate and twice the samples", () => {
    const config = parseAacConfig(Buffer.from("2b118800", "hex"));
    expect(config).toMatchObject({ codecs: "mp4a.40.5", sampleRate: 48000, channels: 2, samplesPerUnit: 2048 });
  });

  test("HE-AAC version 2 makes two channels of one", () => {
    const config = parseAacConfig(Buffer.from("eb098800", "hex"));
    expect(config).toMatchObject({ codecs: "mp4a.40.29", sampleRate: 48000, channels: 2, samplesPerUnit: 2048 });
  });

  test("a channel configuration without channels is refused", () => {
    expect(() => parseAacConfig(Buffer.from("1180", "hex"))).toThrow(CodecError);
    expect(() => parseAacConfig(Buffer.from("11c8", "hex"))).toThrow(CodecError);
  });

  test("an OpusHead becomes the dOps that ffmpeg writes", () => {
    for (const { codec, record } of recordedConfigs()) {
      if (codec === "opus") expect(parseOpusConfig(opusHeadOf(record)).record).toEqual(record);
    }
  });

  test("an Opus packet's duration is read from its first byte", () => {
    const samples = (...bytes: number[]) => opusPacketSamples(Uint8Array.from(bytes));
    expect(samples(0xfc)).toBe(960); // CELT, 20 ms, one frame
    expect(samples(0xe0)).toBe(120); // CELT, 2.5 ms
    expect(samples(0x18)).toBe(2880); // SILK, 60 ms
    expect(samples(0x78)).toBe(960); // hybrid, 20 ms
    expect(samples(0xfd)).toBe(1920); // two frames
    expect(samples(0xff, 3)).toBe(2880); // three frames
    expect(samples(0xff, 63)).toBe(5760); // never more than 120 ms
    expect(samples()).toBe(0);
  });
});

describe("hostile records", () => {
  test("a record cut off at any byte is read or refused, nothing else", () => {
    for (const recorded of recordedConfigs()) {
      const { codec } = recorded;
      const record = onWire(recorded);
      for (let size = 0; size < record.length; size++) attempt(parsers[codec], record.subarray(0, size));
      expect(attempt(parsers[codec], record)).not.toBeNull();
    }
  });

  test("cut off before its parameter sets end, a record is refused", () => {
    for (const name of ["h264 baseline 640x360", "h264 full VUI", "av1 SVT 1280x720"]) {
      const record = recordedConfig(name);
      const parse = name.startsWith("av1") ? parseAv1Config : parseAvcConfig;
      for (let size = 0; size < record.length - 4; size++) {
        expect(attempt(parse, record.subarray(0, size)), `${name}, ${size} bytes`).toBeNull();
      }
    }
  });

  test("bits that fell over are read or refused, and a picture read is a possible one", () => {
    const rows = recordedConfigs();
    fc.assert(
      fc.property(
        fc.nat(rows.length - 1),
        fc.array(fc.tuple(fc.nat(4000), fc.nat(7)), { maxLength: 8 }),
        (row, flips) => {
          const recorded = rows[row];
          if (!recorded) return;
          const record = Buffer.from(onWire(recorded));
          for (const [at, bit] of flips) {
            const byte = at % record.length;
            record[byte] = (record[byte] ?? 0) ^ (1 << bit);
          }
          const config = attempt(parsers[recorded.codec], record);
          if (config?.track === "video") expect(Math.max(config.width, config.height)).toBeLessThanOrEqual(8192);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("garbage is read or refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const parse of Object.values(parsers)) attempt(parse, Buffer.from(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  test("8K is taken, upright too, and a picture beyond it is refused by its own reason", () => {
    const sizeOf = (widthInMbs: number, heightInMbs: number) => parseAvcConfig(avcRecord({ widthInMbs, heightInMbs }));
    expect(sizeOf(480, 270)).toMatchObject({ width: 7680, height: 4320 });
    expect(sizeOf(270, 480)).toMatchObject({ width: 4320, height: 7680 });
    expect(sizeOf(512, 512)).toMatchObject({ width: 8192, height: 8192 });
    expect(() => sizeOf(513, 1)).toThrow(expect.objectContaining({ reason: "picture-too-large" }));
    expect(() => sizeOf(1, 65_536)).toThrow(expect.objectContaining({ reason: "picture-too-large" }));
  });

  test("a frame rate that no camera has is not believed", () => {
    const rateOf = (unitsInTick: number, timeScale: number) =>
      parseAvcConfig(avcRecord({ widthInMbs: 20, heightInMbs: 12, timing: { unitsInTick, timeScale } })).frameRate;
    expect(rateOf(1, 60)).toBe(30);
    expect([rateOf(2 ** 32 - 1, 1), rateOf(0, 0), rateOf(0, 5), rateOf(1, 2 ** 32 - 1)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  test("a picture of AV1 beyond 8K is refused", () => {
    // Profile 0, reduced still picture header, level 0, then both sizes in 16 bits: 16,384 by 16,384.
    const sizes = ["1111", "1111", "0011111111111111", "0011111111111111"].join("");
    const reduced = `${["000", "1", "1", "00000"].join("")}${sizes}`.padEnd(64, "0");
    const obu = Buffer.from((reduced.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
    const record = Buffer.concat([Buffer.from([0x81, 0, 0, 0, 0x0a, obu.length]), obu]);
    expect(() => parseAv1Config(record)).toThrow(/picture of 16384/);
  });

  test("a record larger than any encoder's is refused, as it would be kept", () => {
    const padded = Buffer.concat([recordedConfig("h264 baseline 640x360"), Buffer.alloc(20_000)]);
    expect(() => parseAvcConfig(padded)).toThrow(/20040 bytes/);
  });
});

test("configurations are the same when a decoder can go on with them", () => {
  const one = parseAvcConfig(recordedConfig("h264 baseline 640x360"));
  const again = parseAvcConfig(Buffer.from(recordedConfig("h264 baseline 640x360")));
  const other = parseAvcConfig(recordedConfig("h264 high10"));
  expect(isSameConfig(one, again)).toBe(true);
  expect(isSameConfig(one, other)).toBe(false);
  expect(isSameConfig(one, null)).toBe(false);
  expect(isSameConfig(null, null)).toBe(true);
});
