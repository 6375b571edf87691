import { readFileSync } from "node:fs";

/** A configuration record of a real encoder, and what ffprobe says of its stream. */
export type RecordedConfig = {
  name: string;
  codec: "h264" | "hevc" | "av1" | "aac" | "opus";
  record: Buffer;
  width: number;
  height: number;
  frameRate: number;
  sampleRate: number;
  channels: number;
};

type Row = { name: string; codec: RecordedConfig["codec"]; record: string } & Record<
  "width" | "height" | "frameRate" | "sampleRate" | "channels",
  string | number | undefined
>;

/** media/fixtures/real/decoder-configs.json. */
export function recordedConfigs(): RecordedConfig[] {
  const path = new URL("../../media/fixtures/real/decoder-configs.json", import.meta.url);
  const rows: Row[] = JSON.parse(readFileSync(path, "utf8"));
  return rows.map((row) => {
    const [frames = 0, seconds = 1] = String(row.frameRate).split("/").map(Number);
    return {
      name: row.name,
      codec: row.codec,
      record: Buffer.from(row.record, "hex"),
      width: Number(row.width),
      height: Number(row.height),
      frameRate: frames / seconds,
      sampleRate: Number(row.sampleRate),
      channels: Number(row.channels),
    };
  });
}

/** The record of that name. @throws Error when there is none */
export function recordedConfig(name: string): Buffer {
  const found = recordedConfigs().find((config) => config.name === name);
  if (!found) throw new Error(`no recorded configuration is named ${name}`);
  return found.record;
}

/** The OpusHead (RFC 7845 5.1) that says what a dOps box does. */
export function opusHeadOf(dOps: Buffer): Buffer {
  const head = Buffer.concat([Buffer.from("OpusHead"), dOps]);
  head.writeUInt8(1, 8);
  head.writeUInt16LE(dOps.readUInt16BE(2), 10);
  head.writeUInt32LE(dOps.readUInt32BE(4), 12);
  head.writeInt16LE(dOps.readInt16BE(8), 16);
  return head;
}
