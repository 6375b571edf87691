/** A media playlist as a player reads it: RFC 8216bis section 4, written without a look at the origin's own code. */
export type ReadPart = { uri: string; duration: number; isIndependent: boolean };
export type ReadSegment = {
  msn: number;
  /** Null: only its parts are there so far. */
  uri: string | null;
  duration: number;
  parts: ReadPart[];
  map: string | null;
  dateMs: number | null;
  hasDiscontinuity: boolean;
  discontinuitySequence: number;
};
export type ReadPlaylist = {
  targetDuration: number;
  partTarget: number;
  control: Record<string, string>;
  mediaSequence: number;
  skipped: number;
  isEnded: boolean;
  isIndependent: boolean;
  hint: string | null;
  segments: ReadSegment[];
};

export function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = "", quoted, plain] of text.matchAll(/([A-Z0-9-]+)=(?:"([^"]*)"|([^",]*))/g))
    found[name] = quoted ?? plain ?? "";
  return found;
}

/** @param base the playlist's address: URIs come out absolute @throws Error for what no media playlist may hold */
export function readPlaylist(text: string, base: string): ReadPlaylist {
  const lines = text.split("\n");
  if (lines[0] !== "#EXTM3U") throw new Error("no #EXTM3U");
  if (lines.at(-1) !== "") throw new Error("the last line does not end");
  const list: ReadPlaylist = {
    targetDuration: 0,
    partTarget: 0,
    control: {},
    mediaSequence: 0,
    skipped: 0,
    isEnded: false,
    isIndependent: false,
    hint: null,
    segments: [],
  };
  const absolute = (uri = "") => new URL(uri, base).href;
  let [map, discontinuitySequence]: [string | null, number] = [null, 0];
  let next: Partial<ReadSegment> & { parts: ReadPart[] } = { parts: [] };
  const close = (uri: string | null) => {
    const {
      parts,
      duration = parts.reduce((sum, part) => sum + part.duration, 0),
      dateMs = null,
      hasDiscontinuity = false,
    } = next;
    const msn = list.mediaSequence + list.skipped + list.segments.length;
    list.segments.push({ msn, uri, duration, parts, map, dateMs, hasDiscontinuity, discontinuitySequence });
    next = { parts: [] };
  };
  for (const line of lines.slice(1)) {
    const [tag = "", ...rest] = line.split(":");
    const value = rest.join(":");
    if (line === "") continue;
    if (!line.startsWith("#")) close(absolute(line));
    else if (tag === "#EXT-X-TARGETDURATION") list.targetDuration = Number(value);
    else if (tag === "#EXT-X-SERVER-CONTROL") list.control = attributesOf(value);
    else if (tag === "#EXT-X-PART-INF") list.partTarget = Number(attributesOf(value)["PART-TARGET"]);
    else if (tag === "#EXT-X-MEDIA-SEQUENCE") list.mediaSequence = Number(value);
    else if (tag === "#EXT-X-DISCONTINUITY-SEQUENCE") discontinuitySequence = Number(value);
    else if (tag === "#EXT-X-SKIP") list.skipped = Number(attributesOf(value)["SKIPPED-SEGMENTS"]);
    else if (tag === "#EXT-X-MAP") map = absolute(attributesOf(value).URI);
    else if (tag === "#EXT-X-PROGRAM-DATE-TIME") next.dateMs = Date.parse(value);
    else if (tag === "#EXTINF") next.duration = Number(value.split(",")[0]);
    else if (tag === "#EXT-X-DISCONTINUITY") {
      next.hasDiscontinuity = true;
      discontinuitySequence++;
    } else if (tag === "#EXT-X-PART") {
      const { URI, DURATION, INDEPENDENT } = attributesOf(value);
      next.parts.push({ uri: absolute(URI), duration: Number(DURATION), isIndependent: INDEPENDENT === "YES" });
    } else if (tag === "#EXT-X-PRELOAD-HINT") list.hint = absolute(attributesOf(value).URI);
    else if (tag === "#EXT-X-ENDLIST") list.isEnded = true;
    else if (tag === "#EXT-X-INDEPENDENT-SEGMENTS") list.isIndependent = true;
    else if (tag !== "#EXT-X-VERSION") throw new Error(`a line that is not expected here: ${line}`);
  }
  if (next.parts.length > 0) close(null);
  return list;
}
