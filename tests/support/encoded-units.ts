import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { AccessUnit } from "@/media/timeline/access-unit";
import { CLOCK_RATE } from "@/media/timeline/access-unit";

const run = promisify(execFile);

type Packet = { dts_time: string; pts_time: string; duration_time: string; pos: string; size: string; flags: string };

/** What a real encoder made of a test picture or tone: its configuration record, and its access units with times from ten seconds on. */
export type Encoded = { record: Buffer; units: AccessUnit[] };

/** @param args what ffmpeg encodes, and how @param timescale of the track */
export async function encodeUnits(track: "video" | "audio", timescale: number, args: string[]): Promise<Encoded> {
  const folder = await mkdtemp(join(tmpdir(), "units-"));
  try {
    const file = join(folder, "out.mp4");
    await run(process.env.FFMPEG_PATH || "ffmpeg", ["-v", "error", ...args, "-use_editlist", "0", file]);
    const probe = [
      "-v",
      "error",
      "-show_entries",
      "packet=dts_time,pts_time,duration_time,pos,size,flags",
      "-of",
      "json",
      file,
    ];
    const { stdout } = await run((process.env.FFMPEG_PATH || "ffmpeg").replace(/ffmpeg$/, "ffprobe"), probe);
    const mp4 = await readFile(file);
    const packets: Packet[] = JSON.parse(stdout).packets;
    return { record: recordOf(mp4), units: packets.map((packet) => unitOf(track, timescale, packet, mp4)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function unitOf(track: "video" | "audio", timescale: number, packet: Packet, mp4: Buffer): AccessUnit {
  const ticks = (seconds: string, rate: number) => Math.round(Number(seconds) * rate);
  const at = Number(packet.pos);
  return {
    track,
    dtsTicks: 10 * timescale + ticks(packet.dts_time, timescale),
    clockTicks: 10 * CLOCK_RATE + ticks(packet.dts_time, CLOCK_RATE),
    compositionOffsetTicks: ticks(packet.pts_time, timescale) - ticks(packet.dts_time, timescale),
    durationTicks: ticks(packet.duration_time, timescale),
    clockDurationTicks: ticks(packet.duration_time, CLOCK_RATE),
    isKeyFrame: packet.flags.startsWith("K"),
    data: mp4.subarray(at, at + Number(packet.size)),
  };
}

/** The body of the configuration box; of esds the AudioSpecificConfig. */
function recordOf(mp4: Buffer): Buffer {
  for (const type of ["avcC", "hvcC", "av1C", "dOps"]) {
    const at = mp4.indexOf(type);
    if (at > 0) return mp4.subarray(at + 4, at - 4 + mp4.readUInt32BE(at - 4));
  }
  const at = mp4.indexOf(Buffer.from("05808080", "hex"), mp4.indexOf("esds"));
  return mp4.subarray(at + 5, at + 5 + mp4.readUInt8(at + 4));
}
