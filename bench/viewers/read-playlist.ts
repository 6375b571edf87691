// A reader of playlists that knows nothing of how Livehouse writes them (RFC 8216bis).

/** Something to fetch: a part, or a whole segment. */
export type Piece = {
  /** Which one it is: `msn.partIndex`, or `msn` of a whole segment. */
  key: string;
  msn: number;
  partIndex: number | null;
  uri: string;
  durationSeconds: number;
  isIndependent: boolean;
  initUri: string | null;
};

export type Playlist = {
  /** Where there are variants: the first one's address. */
  variantUri: string | null;
  targetDurationSeconds: number;
  partTargetSeconds: number | null;
  canBlock: boolean;
  /** Delta updates may be asked for. */
  canSkip: boolean;
  partHoldBackSeconds: number | null;
  holdBackSeconds: number | null;
  parts: Piece[];
  segments: Piece[];
  /** What the next blocking reload asks for. */
  next: { msn: number; partIndex: number };
  isEnded: boolean;
};

const attribute = (line: string, name: string): string | null => {
  const match = new RegExp(`[:,]${name}=("[^"]*"|[^,]*)`).exec(line);
  return match?.[1]?.replaceAll('"', "") ?? null;
};
const seconds = (line: string, name: string): number | null => {
  const text = attribute(line, name);
  return text === null ? null : Number(text);
};

/** @throws Error when it is no playlist */
export function readPlaylist(text: string): Playlist {
  if (!text.startsWith("#EXTM3U")) throw new Error("not a playlist");
  const playlist: Playlist = {
    variantUri: null,
    targetDurationSeconds: Number.NaN,
    partTargetSeconds: null,
    canBlock: false,
    canSkip: false,
    partHoldBackSeconds: null,
    holdBackSeconds: null,
    parts: [],
    segments: [],
    next: { msn: 0, partIndex: 0 },
    isEnded: false,
  };
  const reader = new LineReader(playlist);
  for (const line of text.split("\n")) reader.read(line.trim());
  return playlist;
}

class LineReader {
  private isVariantNext = false;
  private durationSeconds: number | null = null;
  private initUri: string | null = null;

  constructor(private readonly playlist: Playlist) {}

  read(line: string): void {
    if (line === "") return;
    if (!line.startsWith("#")) {
      this.address(line);
      return;
    }
    const colon = line.indexOf(":");
    const value = line.slice(colon + 1);
    switch (colon < 0 ? line : line.slice(0, colon)) {
      case "#EXT-X-STREAM-INF":
        this.isVariantNext = true;
        return;
      case "#EXT-X-TARGETDURATION":
        this.playlist.targetDurationSeconds = Number(value);
        return;
      case "#EXT-X-MEDIA-SEQUENCE":
        this.playlist.next.msn += Number(value);
        return;
      case "#EXT-X-SKIP":
        this.playlist.next.msn += Number(attribute(line, "SKIPPED-SEGMENTS"));
        return;
      case "#EXT-X-MAP":
        this.initUri = attribute(line, "URI");
        return;
      case "#EXTINF":
        this.durationSeconds = Number.parseFloat(value);
        return;
      case "#EXT-X-ENDLIST":
        this.playlist.isEnded = true;
        return;
      case "#EXT-X-PART-INF":
        this.playlist.partTargetSeconds = seconds(line, "PART-TARGET");
        return;
      case "#EXT-X-SERVER-CONTROL":
        this.playlist.canBlock = attribute(line, "CAN-BLOCK-RELOAD") === "YES";
        this.playlist.partHoldBackSeconds = seconds(line, "PART-HOLD-BACK");
        this.playlist.holdBackSeconds = seconds(line, "HOLD-BACK");
        this.playlist.canSkip = attribute(line, "CAN-SKIP-UNTIL") !== null;
        return;
      case "#EXT-X-PART":
        this.part(line);
    }
  }

  private part(line: string): void {
    const { msn, partIndex } = this.playlist.next;
    this.playlist.parts.push({
      key: `${msn}.${partIndex}`,
      msn,
      partIndex,
      uri: attribute(line, "URI") ?? "",
      durationSeconds: seconds(line, "DURATION") ?? Number.NaN,
      isIndependent: attribute(line, "INDEPENDENT") === "YES",
      initUri: this.initUri,
    });
    this.playlist.next.partIndex += 1;
  }

  private address(uri: string): void {
    if (this.isVariantNext) {
      this.playlist.variantUri ??= uri;
      this.isVariantNext = false;
      return;
    }
    const { msn } = this.playlist.next;
    const durationSeconds = this.durationSeconds ?? Number.NaN;
    const { initUri } = this;
    this.playlist.segments.push({
      key: String(msn),
      msn,
      partIndex: null,
      uri,
      durationSeconds,
      isIndependent: true,
      initUri,
    });
    this.playlist.next = { msn: msn + 1, partIndex: 0 };
    this.durationSeconds = null;
  }
}
