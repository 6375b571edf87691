import { attributesOf, type ReadPlaylist, type ReadSegment, readPlaylist } from "./read-playlist";

const TIMEOUT_MS = 15_000;

/** Follows a live media playlist as a low-latency player does, fetches all media, and notes every rule that is broken. */
export class PlaylistFollower {
  readonly faults = new Set<string>();
  readonly segments = new Map<number, ReadSegment>();
  /** Bytes by address: initialization sections, parts and segments. */
  readonly media = new Map<string, Buffer>();
  variant: Record<string, string> = {};
  list: ReadPlaylist | null = null;
  reloads = 0;
  private readonly edges: number[] = [];
  private readonly fetches: Promise<void>[] = [];

  private constructor(
    readonly multivariantUrl: string,
    readonly url: string,
  ) {}

  /** Waits until the channel can be watched. */
  static async open(multivariantUrl: string): Promise<PlaylistFollower> {
    for (const deadline = Date.now() + TIMEOUT_MS; ; ) {
      const response = await fetch(multivariantUrl);
      const text = await response.text();
      if (response.ok) {
        const lines = text.trim().split("\n");
        const follower = new PlaylistFollower(multivariantUrl, new URL(lines.at(-1) ?? "", multivariantUrl).href);
        follower.variant = attributesOf(lines.find((line) => line.startsWith("#EXT-X-STREAM-INF")) ?? "");
        return follower;
      }
      if (Date.now() > deadline) throw new Error(`${multivariantUrl} is not there: ${response.status}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** One blocking reload for whatever comes next. @returns its status */
  async reload(): Promise<number> {
    const last = this.list?.segments.at(-1);
    const query = !last
      ? ""
      : last.uri
        ? `?_HLS_msn=${last.msn + 1}&_HLS_part=0`
        : `?_HLS_msn=${last.msn}&_HLS_part=${last.parts.length}`;
    const response = await fetch(this.url + query, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await response.text();
    if (response.status !== 200) return response.status;
    this.reloads++;
    const list = readPlaylist(text, this.url);
    this.judge(list, query);
    this.list = list;
    return 200;
  }

  async follow(seconds: number): Promise<void> {
    for (const untilMs = Date.now() + seconds * 1000; Date.now() < untilMs && !this.list?.isEnded; ) {
      const status = await this.reload();
      this.expect(status === 200, `a reload is answered with ${status}`);
      if (status !== 200) return;
    }
    await Promise.all(this.fetches);
  }

  /** The full playlist and the delta update of one moment agree. @returns how many segments the update left out */
  async compareDelta(): Promise<number> {
    for (let attempt = 0; attempt < 20; attempt++) {
      const [fullText, deltaText, againText] = await Promise.all(
        [this.url, `${this.url}?_HLS_skip=YES`, this.url].map(async (url) => (await fetch(url)).text()),
      );
      if (fullText !== againText) continue;
      const full = readPlaylist(fullText ?? "", this.url);
      const delta = readPlaylist(deltaText ?? "", this.url);
      if (JSON.stringify(full.segments.at(-1)) !== JSON.stringify(delta.segments.at(-1))) continue;
      const merged = [...full.segments.slice(0, delta.skipped), ...delta.segments].map((segment) => ({
        ...segment,
        discontinuitySequence: 0,
      }));
      const same =
        JSON.stringify(merged) ===
        JSON.stringify(full.segments.map((segment) => ({ ...segment, discontinuitySequence: 0 })));
      this.expect(same, "a delta update and the full playlist differ");
      this.expect(delta.mediaSequence === full.mediaSequence, "a delta update begins elsewhere");
      const kept = full.segments.slice(delta.skipped).reduce((sum, { duration }) => sum + duration, 0);
      if (delta.skipped > 0)
        this.expect(kept >= Number(full.control["CAN-SKIP-UNTIL"]), "a delta update leaves out too much");
      return delta.skipped;
    }
    throw new Error("the playlist changed too fast to be compared");
  }

  /** By how much the newest media's end lay behind its arrival here, in the last third of the reloads: least and median, in ms. */
  get edgeMs(): { least: number; median: number } {
    const late = this.edges.slice(-Math.floor(this.edges.length / 3)).sort((a, b) => a - b);
    return { least: late[0] ?? Number.NaN, median: late[late.length >> 1] ?? Number.NaN };
  }

  private expect(isGood: boolean, fault: string): void {
    if (!isGood) this.faults.add(fault);
  }

  private judge(list: ReadPlaylist, query: string): void {
    this.judgeHead(list);
    for (const segment of list.segments) this.judgeSegment(segment, list);
    for (let i = 1; i < list.segments.length; i++) this.judgeNeighbours(list.segments[i - 1], list.segments[i]);
    if (this.list) this.judgeChange(this.list, list, query);
    const last = list.segments.at(-1);
    if (this.list && last?.dateMs) this.edges.push(Date.now() - last.dateMs - 1000 * last.duration);
    this.fetchNew(list);
  }

  private judgeHead(list: ReadPlaylist): void {
    const control = (name: string) => Number(list.control[name]);
    this.expect(list.control["CAN-BLOCK-RELOAD"] === "YES", "blocking reload is not offered");
    this.expect(control("PART-HOLD-BACK") >= 3 * list.partTarget - 1e-9, "PART-HOLD-BACK is less than three parts");
    this.expect(control("HOLD-BACK") >= 3 * list.targetDuration, "HOLD-BACK is less than three target durations");
    this.expect(
      control("CAN-SKIP-UNTIL") >= 6 * list.targetDuration,
      "CAN-SKIP-UNTIL is less than six target durations",
    );
    this.expect(list.isEnded || list.hint !== null, "no preload hint");
    this.expect(
      list.segments.every(({ map }) => map !== null),
      "a segment without EXT-X-MAP",
    );
  }

  private judgeSegment(segment: ReadSegment, list: ReadPlaylist): void {
    const { msn, parts, duration, uri } = segment;
    this.expect(Math.round(duration) <= list.targetDuration, `segment ${msn} is too long: ${duration}`);
    parts.forEach((part, index) => {
      this.expect(part.duration <= list.partTarget, `part ${msn}.${index} is too long: ${part.duration}`);
      const isLast = index === parts.length - 1;
      this.expect(
        isLast || part.duration >= 0.85 * list.partTarget,
        `part ${msn}.${index} is too short: ${part.duration}`,
      );
    });
    this.expect(parts.length === 0 || segment.dateMs !== null, `segment ${msn} has no date`);
    if (parts.length === 0 || !uri) return;
    const sum = parts.reduce((total, part) => total + part.duration, 0);
    this.expect(Math.abs(sum - duration) < 0.001, `the parts of segment ${msn} last ${sum}, it lasts ${duration}`);
    if (list.isIndependent)
      this.expect(parts[0]?.isIndependent === true, `segment ${msn} does not begin with a key frame`);
  }

  private judgeNeighbours(before: ReadSegment | undefined, segment: ReadSegment | undefined): void {
    if (!before || !segment) return;
    if (segment.map !== before.map)
      this.expect(segment.hasDiscontinuity, `segment ${segment.msn} has another MAP without a discontinuity`);
    if (segment.hasDiscontinuity || before.dateMs === null || segment.dateMs === null) return;
    const off = segment.dateMs - before.dateMs - before.duration * 1000;
    this.expect(Math.abs(off) < 100, `the date of segment ${segment.msn} is off by ${Math.round(off)} ms`);
  }

  private judgeChange(before: ReadPlaylist, list: ReadPlaylist, query: string): void {
    this.expect(list.targetDuration === before.targetDuration, "the target duration changed");
    this.expect(list.partTarget === before.partTarget, "PART-TARGET changed");
    this.expect(list.mediaSequence >= before.mediaSequence, "the media sequence went back");
    const [, msn, part] = /msn=(\d+)&_HLS_part=(\d+)/.exec(query) ?? [];
    const last = list.segments.at(-1);
    const isThere =
      last &&
      (last.msn > Number(msn) || (last.msn === Number(msn) && (last.uri !== null || last.parts.length > Number(part))));
    this.expect(!query || list.isEnded || isThere === true, `a reload ${query} came without what it asked for`);
    for (const segment of list.segments) {
      const known = this.segments.get(segment.msn);
      if (known?.uri)
        this.expect(
          known.uri === segment.uri && known.duration === segment.duration && known.map === segment.map,
          `segment ${segment.msn} changed`,
        );
      if (known)
        this.expect(
          known.dateMs === segment.dateMs && known.discontinuitySequence === segment.discontinuitySequence,
          `segment ${segment.msn} changed its date or discontinuity`,
        );
      known?.parts.forEach((part, index) => {
        const now = segment.parts[index];
        this.expect(
          !now || (now.uri === part.uri && now.duration === part.duration),
          `part ${segment.msn}.${index} changed`,
        );
      });
    }
  }

  private fetchNew(list: ReadPlaylist): void {
    for (const segment of list.segments) {
      const known = this.segments.get(segment.msn);
      this.segments.set(
        segment.msn,
        segment.parts.length === 0 && known ? { ...segment, parts: known.parts } : segment,
      );
      for (const uri of [segment.map, ...segment.parts.map((part) => part.uri), segment.uri])
        if (uri) this.fetchOnce(uri);
    }
  }

  private fetchOnce(uri: string): void {
    if (this.media.has(uri)) return;
    this.media.set(uri, Buffer.alloc(0));
    const get = async () => {
      const response = await fetch(uri, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      this.expect(response.status === 200, `${new URL(uri).pathname} is answered with ${response.status}`);
      this.expect(
        /immutable|max-age=\d{3}/.test(response.headers.get("cache-control") ?? ""),
        "media may not be cached",
      );
      this.media.set(uri, Buffer.from(await response.arrayBuffer()));
    };
    this.fetches.push(get().catch((error: Error) => this.expect(false, `${uri}: ${error.message}`)));
  }
}
