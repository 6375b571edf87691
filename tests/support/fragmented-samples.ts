/** One coded frame of a fragmented MP4 in which each fragment holds one frame (ffmpeg's `frag_every_frame`). */
export type FragmentedSample = {
  kind: "video" | "audio";
  decodeSeconds: number;
  isSync: boolean;
  data: Buffer;
};

export type FragmentedFile = {
  /** The boxes of sample entries, by type: `hvcC`, `av1C`, `dOps` without their headers. */
  config: (type: string) => Buffer | null;
  samples: FragmentedSample[];
};

type Box = { type: string; body: Buffer };

function boxes(bytes: Buffer): Box[] {
  const found: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    found.push({ type: bytes.toString("latin1", at + 4, at + 8), body: bytes.subarray(at + 8, at + size) });
    at += Math.max(8, size);
  }
  return found;
}

/** The first box at the end of a path of plain containers. @throws Error when there is none */
function boxAt(bytes: Buffer, ...path: string[]): Buffer {
  return path.reduce((inside, type) => {
    const found = boxes(inside).find((box) => box.type === type);
    if (!found) throw new Error(`no ${path.join("/")}`);
    return found.body;
  }, bytes);
}

/** A configuration box stands somewhere inside `stsd`, behind fields of its codec: it is looked for by its name. */
function configOf(moov: Buffer, type: string): Buffer | null {
  const at = moov.indexOf(type, 0, "latin1");
  return at < 4 ? null : moov.subarray(at + 4, at - 4 + moov.readUInt32BE(at - 4));
}

/** Reads what ffmpeg writes with `-movflags frag_every_frame+delay_moov+default_base_moof` (ISO/IEC 14496-12, 8.8). */
export function fragmentedFile(file: Buffer): FragmentedFile {
  const all = boxes(file);
  const moov = boxAt(file, "moov");
  const tracks = new Map(
    boxes(moov)
      .filter(({ type }) => type === "trak")
      .map(({ body }) => {
        const kind = boxAt(body, "mdia", "hdlr").toString("latin1", 8, 12) === "vide" ? "video" : "audio";
        const mdhd = boxAt(body, "mdia", "mdhd");
        const timescale = mdhd.readUInt32BE(mdhd.readUInt8(0) === 1 ? 20 : 12);
        return [boxAt(body, "tkhd").readUInt32BE(12), { kind, timescale } as const];
      }),
  );
  const samples = all.flatMap(({ type, body }, index) => {
    if (type !== "moof") return [];
    const tfhd = boxAt(body, "traf", "tfhd");
    const track = tracks.get(tfhd.readUInt32BE(4));
    if (!track) throw new Error("a fragment of an unknown track");
    const tfdt = boxAt(body, "traf", "tfdt");
    const decodeTicks = tfdt.readUInt8(0) === 1 ? Number(tfdt.readBigUInt64BE(4)) : tfdt.readUInt32BE(4);
    const data = all[index + 1]?.body ?? Buffer.alloc(0);
    return [{ kind: track.kind, decodeSeconds: decodeTicks / track.timescale, isSync: isSync(body, tfhd), data }];
  });
  return { config: (type) => configOf(moov, type), samples };
}

const NON_SYNC = 0x10000;

/** The flags of the only sample: `first_sample_flags` of `trun`, its own there, or the fragment's default, in this order. */
function isSync(moof: Buffer, tfhd: Buffer): boolean {
  const trun = boxAt(moof, "traf", "trun");
  const has = (flag: number) => (trun.readUIntBE(1, 3) & flag) !== 0;
  const before = 8 + (has(1) ? 4 : 0);
  if (has(4)) return (trun.readUInt32BE(before) & NON_SYNC) === 0;
  if (has(0x400)) return (trun.readUInt32BE(before + (has(0x100) ? 4 : 0) + (has(0x200) ? 4 : 0)) & NON_SYNC) === 0;
  return (tfhd.readUIntBE(1, 3) & 0x20) === 0 || (tfhd.readUInt32BE(tfhd.length - 4) & NON_SYNC) === 0;
}
