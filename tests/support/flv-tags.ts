import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export type FlvTag = { type: 8 | 9 | 18; timestampMs: number; payload: Buffer };

/** The recorded stream of this name in media/fixtures/real. */
export function recordedTags(name: string): FlvTag[] {
  const path = fileURLToPath(new URL(`../../media/fixtures/real/${name}`, import.meta.url));
  return flvTags(readFileSync(path));
}

/** The tags of an FLV file (Adobe FLV 10.1, annex E.3, E.4.1). */
export function flvTags(file: Buffer): FlvTag[] {
  const tags: FlvTag[] = [];
  let offset = file.readUInt32BE(5) + 4;
  while (offset + 11 <= file.length) {
    const type = file.readUInt8(offset) & 0x1f;
    const sizeBytes = file.readUIntBE(offset + 1, 3);
    const timestampMs = file.readUIntBE(offset + 4, 3) + file.readUInt8(offset + 7) * 2 ** 24;
    const payload = file.subarray(offset + 11, offset + 11 + sizeBytes);
    if (type === 8 || type === 9 || type === 18) tags.push({ type, timestampMs, payload });
    offset += 11 + sizeBytes + 4;
  }
  return tags;
}
