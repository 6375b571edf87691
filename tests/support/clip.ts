import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { opusHeadOf } from "./decoder-configs";
import { type FlvTag, flvTags } from "./flv-tags";
import { type FragmentedSample, fragmentedFile } from "./fragmented-samples";

/** H.264 and AAC go together, as RTMP always had them; the others are Enhanced RTMP. */
export type ClipOptions = { seconds: number; size?: string } & (
  | { video?: "h264" | null; audio?: "aac" | null }
  | { video: "hevc" | "av1" | null; audio: "opus" | null }
);

/** A few seconds of a broadcast, as RTMP messages that can be sent again and again. */
export type Clip = { tags: FlvTag[]; durationMs: number };

const FRAME_RATE = 25;
const ENCODE_TIMEOUT_MS = 60_000;

const videoArgs = {
  h264: ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-sc_threshold", "0"],
  hevc: ["-c:v", "libx265", "-preset", "ultrafast", "-tune", "zerolatency", "-x265-params", "log-level=none"],
  av1: ["-c:v", "libaom-av1", "-usage", "realtime", "-cpu-used", "8", "-lag-in-frames", "0"],
};
const audioArgs = { aac: ["-c:a", "aac", "-b:a", "96k"], opus: ["-c:a", "libopus", "-b:a", "96k"] };

/** Makes a clip with ffmpeg: a moving picture, a key frame each second, a tone. */
export async function makeClip(options: ClipOptions): Promise<Clip> {
  const { seconds, size = "320x180", video = "h264", audio = "aac" } = options;
  const isLegacy = video === "h264" || audio === "aac";
  const folder = await mkdtemp(join(tmpdir(), "livehouse-clip-"));
  const file = join(folder, isLegacy ? "clip.flv" : "clip.mp4");
  const container = isLegacy ? [] : ["-movflags", "frag_every_frame+delay_moov+default_base_moof"];
  const args = [
    ["-hide_banner", "-loglevel", "error"],
    video ? ["-f", "lavfi", "-i", `testsrc2=size=${size}:rate=${FRAME_RATE}`] : [],
    audio ? ["-f", "lavfi", "-i", "sine=frequency=330:sample_rate=48000"] : [],
    video ? [...videoArgs[video], "-pix_fmt", "yuv420p", "-g", `${FRAME_RATE}`, "-b:v", "400k"] : [],
    audio ? [...audioArgs[audio], "-ac", "2"] : [],
    ["-t", `${seconds}`, ...container, file],
  ].flat();
  try {
    await promisify(execFile)(process.env.FFMPEG_PATH || "ffmpeg", args, { timeout: ENCODE_TIMEOUT_MS });
    const bytes = await readFile(file);
    return { tags: isLegacy ? flvTags(bytes) : enhancedTags(bytes), durationMs: seconds * 1000 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const SEQUENCE_START = 0;
const CODED_FRAMES = 1;
const CODED_FRAMES_X = 3;

/** Messages of Enhanced RTMP 2; Debian 12's ffmpeg can't write them itself. */
function enhancedTags(bytes: Buffer): FlvTag[] {
  const { config, samples } = fragmentedFile(bytes);
  const [hvcC, av1C, dOps] = [config("hvcC"), config("av1C"), config("dOps")];
  const [record, fourCc] = hvcC ? [hvcC, "hvc1"] : [av1C, "av01"];
  const starts: FlvTag[] = [];
  if (record) starts.push(videoTag(0, SEQUENCE_START, fourCc, true, record));
  if (dOps) starts.push(audioTag(0, SEQUENCE_START, opusHeadOf(dOps)));
  const sampleTag = ({ kind, decodeSeconds, isSync, data }: FragmentedSample) => {
    const timestampMs = Math.round(decodeSeconds * 1000);
    if (kind === "audio") return audioTag(timestampMs, CODED_FRAMES, data);
    // AV1 has no composition offset in either form; CodedFramesX says that HEVC's is 0.
    return videoTag(timestampMs, fourCc === "av01" ? CODED_FRAMES : CODED_FRAMES_X, fourCc, isSync, data);
  };
  return [...starts, ...samples.map(sampleTag).sort((one, other) => one.timestampMs - other.timestampMs)];
}

function videoTag(timestampMs: number, packetType: number, fourCc: string, isKeyFrame: boolean, body: Buffer): FlvTag {
  const header = Buffer.from([0x80 | ((isKeyFrame ? 1 : 2) << 4) | packetType]);
  return { type: 9, timestampMs, payload: Buffer.concat([header, Buffer.from(fourCc), body]) };
}

function audioTag(timestampMs: number, packetType: number, body: Buffer): FlvTag {
  return {
    type: 8,
    timestampMs,
    payload: Buffer.concat([Buffer.from([0x90 | packetType]), Buffer.from("Opus"), body]),
  };
}
