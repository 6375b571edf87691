/** A box of ISO/IEC 14496-12: its type and what it holds. */
export type Box = { type: string; body: Buffer };

/** The boxes that `bytes` are. @throws Error when their sizes do not add up */
export function boxesOf(bytes: Buffer): Box[] {
  const found: Box[] = [];
  let at = 0;
  while (at < bytes.length) {
    const size = bytes.length - at >= 8 ? bytes.readUInt32BE(at) : 0;
    if (size < 8 || at + size > bytes.length) throw new Error(`a box of ${size} bytes at ${at} of ${bytes.length}`);
    found.push({ type: bytes.toString("latin1", at + 4, at + 8), body: bytes.subarray(at + 8, at + size) });
    at += size;
  }
  return found;
}

function only(boxes: Box[], type: string): Buffer {
  const found = boxes.filter((box) => box.type === type);
  if (found.length !== 1) throw new Error(`${found.length} boxes ${type}`);
  return found[0]?.body ?? Buffer.alloc(0);
}

export type TrackRun = { trackId: number; startTicks: number; endTicks: number; samples: number };

/** A movie fragment's track runs. @throws Error when it is not one `moof` and one `mdat` that is exactly its samples */
export function trackRunsOf(fragment: Buffer): TrackRun[] {
  const boxes = boxesOf(fragment);
  if (boxes.map(({ type }) => type).join(" ") !== "moof mdat") throw new Error("not moof and mdat");
  const moofSize = fragment.readUInt32BE(0);
  const mdatSize = fragment.length - moofSize - 8;
  let dataBytes = 0;
  const runs = boxesOf(only(boxes, "moof"))
    .filter(({ type }) => type === "traf")
    .map(({ body }) => {
      const inside = boxesOf(body);
      const startTicks = Number(only(inside, "tfdt").readBigUInt64BE(4));
      const trun = only(inside, "trun");
      const samples = trun.readUInt32BE(4);
      const rowBytes = samples ? (trun.length - 12) / samples : 0;
      if (trun.readUInt32BE(8) !== moofSize + 8 + dataBytes) throw new Error("a track run points elsewhere");
      let endTicks = startTicks;
      for (let i = 0; i < samples; i++) {
        endTicks += trun.readUInt32BE(12 + i * rowBytes);
        dataBytes += trun.readUInt32BE(16 + i * rowBytes);
      }
      return { trackId: only(inside, "tfhd").readUInt32BE(4), startTicks, endTicks, samples };
    });
  if (dataBytes !== mdatSize) throw new Error(`samples of ${dataBytes} bytes in an mdat of ${mdatSize}`);
  return runs;
}

/** @throws Error when these bytes are no `ftyp` and `moov` with at least one track */
export function checkInitSection(bytes: Buffer): void {
  const boxes = boxesOf(bytes);
  if (boxes.map(({ type }) => type).join(" ") !== "ftyp moov") throw new Error("not ftyp and moov");
  const tracks = boxesOf(only(boxes, "moov")).filter(({ type }) => type === "trak");
  if (tracks.length === 0) throw new Error("no track");
  for (const { body } of tracks) {
    const table = boxesOf(only(boxesOf(only(boxesOf(only(boxesOf(body), "mdia")), "minf")), "stbl"));
    boxesOf(only(table, "stsd").subarray(8));
  }
}
