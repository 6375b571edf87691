import { beforeAll, describe, expect, test } from "vitest";
import { decodingWarnings, packetsOf } from "@/tests/conformance/decode";
import { opusHeadOf, recordedConfig } from "@/tests/support/decoder-configs";
import { type Encoded, encodeUnits } from "@/tests/support/encoded-units";
import { parseAacConfig } from "../codec/aac";
import { parseAv1Config } from "../codec/av1";
import { parseAvcConfig } from "../codec/avc";
import type { AudioConfig, VideoConfig } from "../codec/decoder-config";
import { parseHevcConfig } from "../codec/hevc";
import { parseOpusConfig } from "../codec/opus";
import type { Part, Sample } from "../segmenter/part";
import { Segmenter } from "../segmenter/segmenter";
import type { AccessUnit } from "../timeline/access-unit";
import { fragment } from "./fragment";
import { initSection } from "./init-section";

const hex = (bytes: Buffer): string => `${(bytes.toString("hex").match(/.{1,64}/g) ?? []).join("\n")}\n`;
const golden = (name: string): string => `../fixtures/golden/${name}.hex`;

const avc = parseAvcConfig(recordedConfig("h264 baseline 640x360"));
const aac = parseAacConfig(recordedConfig("aac 48 kHz mono"));
const sample = (dtsTicks: number, durationTicks: number, data: string, more: Partial<Sample> = {}): Sample => {
  return { dtsTicks, durationTicks, compositionOffsetTicks: 0, isSync: false, data: Buffer.from(data), ...more };
};

describe("golden bytes", () => {
  const inits: [string, { video: VideoConfig | null; audio: AudioConfig | null }][] = [
    ["init-h264-aac", { video: avc, audio: aac }],
    [
      "init-av1-opus",
      {
        video: parseAv1Config(recordedConfig("av1 SVT 1280x720")),
        audio: parseOpusConfig(opusHeadOf(recordedConfig("opus stereo"))),
      },
    ],
    ["init-aac", { video: null, audio: parseAacConfig(recordedConfig("aac 96 kHz")) }],
    ["init-h264", { video: avc, audio: null }],
  ];
  test.each(inits)("%s", async (name, tracks) => {
    await expect(hex(initSection(tracks))).toMatchFileSnapshot(golden(name));
  });

  test("a fragment of both tracks, with negative composition offsets and times beyond 32 bits", async () => {
    const video = [
      sample(2 ** 33 + 5, 3000, "key frame", { isSync: true, compositionOffsetTicks: 3000 }),
      sample(2 ** 33 + 3005, 3000, "frame", { compositionOffsetTicks: -3000 }),
    ];
    const audio = [sample(2 ** 32 - 1, 1024, "sound"), sample(2 ** 32 + 1023, 1024, "more sound")];
    await expect(hex(fragment(7, video, audio))).toMatchFileSnapshot(golden("fragment-both"));
  });

  test("a fragment of one track has no box of the other", async () => {
    await expect(hex(fragment(2 ** 32 + 1, [], [sample(0, 960, "sound")]))).toMatchFileSnapshot(
      golden("fragment-sound"),
    );
    expect(
      fragment(1, [sample(0, 1, "x")], [])
        .toString("latin1")
        .match(/traf/g)?.length,
    ).toBe(1);
  });
});

const picture = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30", "-t", "2.5", "-pix_fmt", "yuv420p"];
const tone = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000", "-t", "2.5", "-ac", "2"];
const x264 = ["-c:v", "libx264", "-preset", "veryfast", "-g", "30", "-sc_threshold", "0"];

const encoders: Record<string, { args: string[]; parse: (record: Buffer) => VideoConfig | AudioConfig }> = {
  h264: { args: [...picture, ...x264, "-bf", "0"], parse: parseAvcConfig },
  "h264 with B-frames": { args: [...picture, ...x264, "-bf", "2"], parse: parseAvcConfig },
  hevc: {
    args: [
      ...picture,
      "-c:v",
      "libx265",
      "-preset",
      "ultrafast",
      "-tag:v",
      "hvc1",
      "-x265-params",
      "keyint=30:min-keyint=30:log-level=none",
    ],
    parse: parseHevcConfig,
  },
  av1: { args: [...picture, "-c:v", "libsvtav1", "-preset", "12", "-g", "30"], parse: parseAv1Config },
  aac: { args: [...tone, "-c:a", "aac"], parse: parseAacConfig },
  opus: { args: [...tone, "-c:a", "libopus"], parse: (dOps) => parseOpusConfig(opusHeadOf(dOps)) },
};

const encoded = new Map<string, Encoded & { config: VideoConfig | AudioConfig }>();

beforeAll(async () => {
  for (const [name, { args, parse }] of Object.entries(encoders)) {
    const track = name === "aac" || name === "opus" ? "audio" : "video";
    const made = await encodeUnits(track, track === "video" ? 90000 : 48000, args);
    encoded.set(name, { ...made, config: parse(made.record) });
  }
}, 60_000);

function packaged(
  names: string[],
  change: (unit: AccessUnit) => AccessUnit = (unit) => unit,
): { init: Buffer; parts: { part: Part; bytes: Buffer }[] } {
  const tracks = names.map((name) => encoded.get(name) ?? { config: avc, units: [] });
  const configs = tracks.map(({ config }) => config);
  const video = configs.find((config) => config.track === "video") ?? null;
  const audio = configs.find((config) => config.track === "audio") ?? null;
  const segmenter = new Segmenter({ hasVideo: video !== null, partTargetSeconds: 0.2, targetDurationSeconds: 2 });
  const units = tracks.flatMap(({ units }) => units.map(change)).sort((a, b) => a.clockTicks - b.clockTicks);
  const cuts = [...units.flatMap((unit) => segmenter.push(unit)), ...segmenter.discontinue()];
  const parts = cuts.flatMap((cut) => (cut.kind === "part" ? [cut.part] : []));
  return {
    init: initSection({ video, audio }),
    parts: parts.map((part, i) => ({ part, bytes: fragment(i + 1, part.video, part.audio) })),
  };
}

describe("ffmpeg decodes all of it without a warning", () => {
  const rows = [
    ["h264", "aac"],
    ["h264", "opus"],
    ["h264 with B-frames", "aac"],
    ["hevc", "aac"],
    ["hevc", "opus"],
    ["av1", "aac"],
    ["av1", "opus"],
    ["h264"],
    ["aac"],
    ["opus"],
  ];
  test.each(rows)(
    "%s %s",
    async (...names) => {
      const { init, parts } = packaged(names.filter(Boolean));
      expect(parts.length).toBeGreaterThan(9);
      expect(await decodingWarnings(Buffer.concat([init, ...parts.map(({ bytes }) => bytes)]))).toBe("");
      for (const { part, bytes } of parts.filter(({ part }) => part.isIndependent).slice(0, 2)) {
        expect(await decodingWarnings(Buffer.concat([init, bytes]))).toBe("");
        const { packets } = await packetsOf(Buffer.concat([init, bytes]));
        expect(packets.length).toBe(part.video.length + part.audio.length);
      }
    },
    30_000,
  );

  test("composition offsets below zero", async () => {
    const early = (unit: AccessUnit) =>
      unit.track === "video" ? { ...unit, compositionOffsetTicks: unit.compositionOffsetTicks - 6000 } : unit;
    const { init, parts } = packaged(["h264 with B-frames", "aac"], early);
    expect(parts.some(({ part }) => part.video.some(({ compositionOffsetTicks }) => compositionOffsetTicks < 0))).toBe(
      true,
    );
    expect(await decodingWarnings(Buffer.concat([init, ...parts.map(({ bytes }) => bytes)]))).toBe("");
  });
});
