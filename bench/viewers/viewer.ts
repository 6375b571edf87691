import { setTimeout as wait } from "node:timers/promises";
import type { CrowdLog } from "./crowd-log";
import { type HttpAnswer, HttpConnection } from "./http-connection";
import type { PlaylistMemory } from "./playlist-memory";
import type { Piece, Playlist } from "./read-playlist";

export type ViewerOptions = {
  playlistUrl: string;
  /** Follows parts by blocking reloads; otherwise whole segments by polling. */
  isLowLatency: boolean;
  /** Wall clock at which it leaves. */
  untilMs: number;
  log: CrowdLog;
  memory: PlaylistMemory;
};

/** A player that finds no channel, or loses it, asks for it again after this long. */
const RETRY_MS = 1_000;
const RELOAD_RETRY_MS = 250;
/** A pretend buffer that is dry for longer has stalled. */
const STALL_MS = 50;
const LEFT_BEHIND_MS = 10_000;

/** A reason to begin anew from the multivariant playlist. */
class Lost extends Error {}

/**
 * One pretend player: reads playlists, joins a hold-back behind the edge, fetches every piece once, in order, over two
 * keep-alive connections, and keeps account of a buffer that plays in real time.
 */
export class Viewer {
  stalls = 0;
  missedSegments = 0;
  private readonly playlists: HttpConnection;
  private readonly media: HttpConnection;
  private readonly origin: URL;
  private last: Piece | null = null;
  private dryMs: number | null = null;
  private readonly inits = new Set<string>();

  constructor(private readonly options: ViewerOptions) {
    this.origin = new URL(options.playlistUrl);
    const { hostname, port } = this.origin;
    this.playlists = new HttpConnection(hostname, Number(port));
    this.media = new HttpConnection(hostname, Number(port));
  }

  /** Its buffer has been dry for ten seconds, or it never played. */
  get isLeftBehind(): boolean {
    return this.dryMs === null || Date.now() - this.dryMs > LEFT_BEHIND_MS;
  }

  async watch(): Promise<void> {
    while (this.isHere()) {
      try {
        await this.follow();
      } catch (error) {
        if (!this.isHere()) break;
        if (!(error instanceof Lost)) this.options.log.fault(error instanceof Error ? error.message : String(error));
      }
      if (this.isHere()) await wait(RETRY_MS);
    }
    this.playlists.close();
    this.media.close();
  }

  private isHere(): boolean {
    return Date.now() < this.options.untilMs;
  }

  /** From the multivariant playlist until the broadcast ends. */
  private async follow(): Promise<void> {
    this.last = null;
    this.dryMs = null;
    let url = this.origin;
    let playlist = await this.load(url, "multivariant");
    if (playlist.variantUri) {
      url = new URL(playlist.variantUri, url);
      playlist = await this.load(url, "playlist");
    }
    let wanted = joinPieces(playlist, this.options.isLowLatency);
    let isJoining = true;
    while (this.isHere() && !(playlist.isEnded && wanted.length === 0)) {
      const reload = playlist.isEnded ? null : settled(this.reload(url, playlist));
      for (const piece of wanted) await this.fetchPiece(url, piece, isJoining);
      isJoining = false;
      const outcome = await reload;
      if (!outcome) throw new Lost();
      if ("error" in outcome) throw outcome.error;
      playlist = outcome.value;
      wanted = this.newPieces(playlist);
    }
    throw new Lost();
  }

  private async load(url: URL, kind: string): Promise<Playlist> {
    const answer = await this.get(this.playlists, url, kind, true);
    if (answer.status === 200) return this.options.memory.read(answer);
    this.options.log.fault(`${kind} ${answer.status}`);
    throw new Lost();
  }

  private async reload(url: URL, playlist: Playlist): Promise<Playlist> {
    const isBlocking = this.options.isLowLatency && playlist.canBlock;
    const next = new URL(url);
    if (isBlocking) {
      next.searchParams.set("_HLS_msn", String(playlist.next.msn));
      next.searchParams.set("_HLS_part", String(playlist.next.partIndex));
      if (playlist.canSkip) next.searchParams.set("_HLS_skip", "YES");
    }
    while (this.isHere()) {
      // The quickest that RFC 8216, section 6.3.4, lets a player ask again for a playlist that has not changed.
      if (!isBlocking) await wait((playlist.targetDurationSeconds / 2) * 1000);
      const answer = await this.get(this.playlists, next, isBlocking ? "reload" : "playlist", true);
      if (answer.status === 200) {
        const newer = this.options.memory.read(answer);
        const newest = newer.parts.at(-1);
        if (isBlocking && newest) this.options.log.seen(this.origin.pathname, newest.key, answer.headMs);
        return newer;
      }
      this.options.log.fault(`reload ${answer.status}`);
      if (answer.status === 404) throw new Lost();
      await wait(RELOAD_RETRY_MS);
    }
    throw new Lost();
  }

  private newPieces(playlist: Playlist): Piece[] {
    const { last } = this;
    const pieces = this.options.isLowLatency ? playlist.parts : playlist.segments;
    if (!last) return joinPieces(playlist, this.options.isLowLatency);
    const wanted = pieces.filter((piece) => isAfter(piece, last));
    const [first] = wanted;
    if (first && first.msn > last.msn + 1) this.missedSegments += first.msn - last.msn - 1;
    return wanted;
  }

  private async fetchPiece(url: URL, piece: Piece, isJoining: boolean): Promise<void> {
    if (!this.isHere()) return;
    if (piece.initUri && !this.inits.has(piece.initUri)) {
      this.inits.add(piece.initUri);
      await this.get(this.media, new URL(piece.initUri, url), "init", false);
    }
    const kind = piece.partIndex === null ? "segment" : "part";
    const { status, doneMs } = await this.get(this.media, new URL(piece.uri, url), kind, false);
    this.last = piece;
    if (status !== 200) {
      this.options.log.fault(`${kind} ${status}`);
      return;
    }
    if (!isJoining && piece.partIndex !== null) this.options.log.delivered(this.origin.pathname, piece.key, doneMs);
    if (this.dryMs !== null && doneMs > this.dryMs + STALL_MS) this.stalls += 1;
    this.dryMs = Math.max(this.dryMs ?? doneMs, doneMs) + piece.durationSeconds * 1000;
  }

  private async get(connection: HttpConnection, url: URL, kind: string, wantsBody: boolean): Promise<HttpAnswer> {
    const startMs = performance.now();
    try {
      const answer = await connection.get(url.pathname + url.search, wantsBody);
      this.options.log.answered(kind, answer.sizeBytes, performance.now() - startMs);
      return answer;
    } catch (error) {
      throw new Error(`${kind}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

const isAfter = (piece: Piece, last: Piece): boolean =>
  piece.msn > last.msn || (piece.msn === last.msn && (piece.partIndex ?? 0) > (last.partIndex ?? 0));

/** Where a player begins: the last independent piece with a hold-back behind it, and everything after that. */
function joinPieces(playlist: Playlist, isLowLatency: boolean): Piece[] {
  const pieces = isLowLatency ? playlist.parts : playlist.segments;
  const { partTargetSeconds, targetDurationSeconds, partHoldBackSeconds, holdBackSeconds } = playlist;
  const holdBack = isLowLatency
    ? (partHoldBackSeconds ?? 3 * (partTargetSeconds ?? targetDurationSeconds))
    : (holdBackSeconds ?? 3 * targetDurationSeconds);
  let ahead = 0;
  for (let at = pieces.length - 1; at >= 0; at--) {
    const piece = pieces[at];
    ahead += piece?.durationSeconds ?? 0;
    if (ahead >= holdBack && piece?.isIndependent) return pieces.slice(at);
  }
  const first = pieces.findIndex(({ isIndependent }) => isIndependent);
  return first < 0 ? [] : pieces.slice(first);
}

/** A promise that nobody may be waiting for when it fails. */
function settled<T>(promise: Promise<T>): Promise<{ value: T } | { error: unknown }> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}
