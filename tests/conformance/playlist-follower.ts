import { PlaylistJudge } from "./playlist-judge";
import { attributesOf, type ReadPlaylist, readPlaylist } from "./read-playlist";

const TIMEOUT_MS = 15_000;

/** Follows a live media playlist as a low-latency player does, fetches all media, and notes every rule that is broken. */
export class PlaylistFollower extends PlaylistJudge {
  /** Bytes by address: initialization sections, parts and segments. */
  readonly media = new Map<string, Buffer>();
  variant: Record<string, string> = {};
  reloads = 0;
  private readonly edges: number[] = [];
  private readonly fetches: Promise<void>[] = [];

  private constructor(
    readonly multivariantUrl: string,
    readonly url: string,
  ) {
    super();
  }

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
    const isFirst = this.list === null;
    this.take(list, query);
    const newest = list.segments.at(-1);
    if (!isFirst && newest?.dateMs) this.edges.push(Date.now() - newest.dateMs - 1000 * newest.duration);
    this.fetchNew(list);
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
      this.takeDelta(full, delta);
      return delta.skipped;
    }
    throw new Error("the playlist changed too fast to be compared");
  }

  /** By how much the newest media's end lay behind its arrival here, in the last third of the reloads: least and median, in ms. */
  get edgeMs(): { least: number; median: number } {
    const late = this.edges.slice(-Math.floor(this.edges.length / 3)).sort((a, b) => a - b);
    return { least: late[0] ?? Number.NaN, median: late[late.length >> 1] ?? Number.NaN };
  }

  private fetchNew(list: ReadPlaylist): void {
    for (const segment of list.segments) {
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
