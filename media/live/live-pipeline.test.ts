import { describe, expect, test } from "vitest";
import { decodingWarnings, packetsOf } from "@/tests/conformance/decode";
import { opusHeadOf } from "@/tests/support/decoder-configs";
import { type Encoded, encodeUnits } from "@/tests/support/encoded-units";
import type { FlvMessage } from "../flv/read-flv-message";
import { LivePipeline, type PackagedPart, type PipelineTracks } from "./live-pipeline";

const picture = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30", "-t", "3", "-pix_fmt", "yuv420p"];
const tone = (sampleRate: number) => [
  "-f",
  "lavfi",
  "-i",
  `sine=frequency=440:sample_rate=${sampleRate}`,
  "-t",
  "3",
  "-ac",
  "2",
];

const encoders: Record<string, { track: "video" | "audio"; timescale: number; args: string[] }> = {
  avc1: {
    track: "video",
    timescale: 90000,
    args: [...picture, "-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "30", "-sc_threshold", "0"],
  },
  hvc1: {
    track: "video",
    timescale: 90000,
    args: [
      ...picture,
      "-c:v",
      "libx265",
      "-preset",
      "ultrafast",
      "-tag:v",
      "hvc1",
      "-x265-params",
      "keyint=30:min-keyint=30:bframes=2:log-level=none",
    ],
  },
  av01: { track: "video", timescale: 90000, args: [...picture, "-c:v", "libsvtav1", "-preset", "12", "-g", "30"] },
  mp4a: { track: "audio", timescale: 44100, args: [...tone(44100), "-c:a", "aac"] },
  Opus: { track: "audio", timescale: 48000, args: [...tone(48000), "-c:a", "libopus"] },
};

type Timed = FlvMessage & { atMs: number };

/** An encoder's output as enhanced RTMP carries it, times in whole milliseconds, signed composition offsets. */
function enhanced(fourCc: string, { record, units }: Encoded, timescale: number): Timed[] {
  const isVideo = encoders[fourCc]?.track === "video";
  const type = isVideo ? "video" : "audio";
  const message = (first: number, timestampMs: number, ...body: Buffer[]): Timed => {
    return {
      type,
      timestampMs,
      atMs: timestampMs,
      payload: Buffer.concat([Buffer.from([first]), Buffer.from(fourCc), ...body]),
    };
  };
  const header = fourCc === "Opus" ? opusHeadOf(record) : record;
  const frames = units.map((unit) => {
    const ms = Math.round((unit.dtsTicks * 1000) / timescale) - 10_000;
    if (!isVideo) return message(0x91, ms, unit.data);
    const offset = Buffer.alloc(3);
    // Two frames earlier than libx264 would have it: presentation before decoding, as some hardware encoders say.
    offset.writeIntBE(Math.round(unit.compositionOffsetTicks / 90) - 67, 0, 3);
    return message(unit.isKeyFrame ? 0x91 : 0xa1, ms, ...(fourCc === "av01" ? [] : [offset]), unit.data);
  });
  return [{ ...message(0x90, 0, header), atMs: -1 }, ...frames];
}

function packageAll(messages: Timed[]): { mp4: Buffer; parts: PackagedPart[]; tracks: PipelineTracks | null } {
  const pieces: Buffer[] = [];
  const parts: PackagedPart[] = [];
  let tracks: PipelineTracks | null = null;
  const pipeline = new LivePipeline({
    partTargetSeconds: 0.2,
    targetDurationSeconds: 2,
    sink: {
      init: (bytes, found) => {
        pieces.push(bytes);
        tracks = found;
      },
      discontinuity: () => {},
      part: (part) => {
        pieces.push(part.bytes);
        parts.push(part);
      },
      segment: () => {},
    },
  });
  for (const message of messages) expect(pipeline.push(message, 1_000_000 + message.atMs)).toBeNull();
  pipeline.pause();
  return { mp4: Buffer.concat(pieces), parts, tracks };
}

describe("from enhanced RTMP to fragments that decode without a warning, every frame in its place", () => {
  test.each([
    ["avc1", "mp4a", "avc1."],
    ["hvc1", "Opus", "hvc1."],
    ["av01", "mp4a", "av01."],
  ])(
    "%s and %s",
    async (videoCodec, audioCodec, codecs) => {
      const messages: Timed[] = [];
      const sent = { video: 0, audio: 0 };
      for (const fourCc of [videoCodec, audioCodec]) {
        const encoder = encoders[fourCc];
        if (!encoder) throw new Error(fourCc);
        const encoded = await encodeUnits(encoder.track, encoder.timescale, encoder.args);
        sent[encoder.track] = encoded.units.length;
        messages.push(...enhanced(fourCc, encoded, encoder.timescale));
      }
      const { mp4, parts, tracks } = packageAll(messages.sort((a, b) => a.atMs - b.atMs));
      expect(tracks).toMatchObject({ video: { codecs: expect.stringContaining(codecs), width: 320, height: 180 } });
      expect(await decodingWarnings(mp4)).toBe("");
      const { packets } = await packetsOf(mp4);
      expect(packets.filter(({ track }) => track === "video").length).toBe(sent.video);
      expect(packets.filter(({ track }) => track === "audio").length).toBeGreaterThanOrEqual(sent.audio - 3);
      expect(parts.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0)).toBeCloseTo(3, 0);
      for (const { startMs } of parts.filter(({ partIndex }) => partIndex === 0))
        expect(startMs).toBeGreaterThan(999_900);
    },
    60_000,
  );
});
