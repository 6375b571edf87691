import { gzipSync } from "node:zlib";
import { mediaPlaylist } from "../playlist/media-playlist";
import type { SegmentRow, WindowSnapshot } from "../playlist/window-snapshot";
import { ReloadCounter } from "./reload-counter";
import type { SegmentStore, StoredSegment } from "./segment-store";

export type WindowOptions = {
  targetDurationSeconds: number;
  partTargetSeconds: number;
  /** How much may be rewound: by time and by size, whichever is less. */
  limitSeconds: number;
  limitBytes: number;
  /** How much of it stays in memory. */
  memorySeconds: number;
  store: SegmentStore;
};

export type NewPart = {
  msn: number;
  partIndex: number;
  bytes: Buffer;
  durationSeconds: number;
  isIndependent: boolean;
  /** Arrival of its first picture, ms since 1970. */
  startMs: number;
};

/** A playlist's text as it goes out. */
export type RenderedPlaylist = { plain: Buffer; gzip: Buffer };

/** What there is of a segment: in memory part by part, or in its file. */
export type SegmentBytes = { kind: "memory"; parts: Buffer[]; sizeBytes: number } | ({ kind: "file" } & StoredSegment);

type Held = SegmentRow & { partBytes: (Buffer | null)[]; sizeBytes: number; isStored: boolean };

/** Segments that have left the playlist stay fetchable while a player may still be on its way to them (RFC 8216 6.2.2). */
const RETIRED_SEGMENTS = 15;

/** The rolling window of one playback: what can be asked for, and who waits for more. */
export class StreamWindow {
  private readonly segments: Held[] = [];
  private readonly retired: Held[] = [];
  /** By their number; those that no segment needs any more go. */
  private readonly inits = new Map<number, Buffer>();
  private newestInit = -1;
  private readonly reloads = new ReloadCounter();
  private readonly waiters = new Set<() => void>();
  private discontinuitySequence = 0;
  private isDiscontinuityNext = false;
  private allIndependent = true;
  private hint: WindowSnapshot["hint"] = null;
  private ended = false;
  private totalSeconds = 0;
  private totalBytes = 0;
  private peakBitsPerSecond = 0;
  private rendered: { full: RenderedPlaylist | null; delta: RenderedPlaylist | null } = { full: null, delta: null };

  constructor(private readonly options: WindowOptions) {}

  get isEnded(): boolean {
    return this.ended;
  }

  get targetDurationSeconds(): number {
    return this.options.targetDurationSeconds;
  }

  get partTargetSeconds(): number {
    return this.options.partTargetSeconds;
  }

  /** True while each segment so far began with a key frame: EXT-X-INDEPENDENT-SEGMENTS may be claimed. */
  get isIndependent(): boolean {
    return this.allIndependent;
  }

  /** Sequence number of the open segment, or of the one that comes next, and the number of its parts. */
  get edge(): { msn: number; partCount: number } {
    const last = this.segments.at(-1);
    if (!last) return { msn: 0, partCount: 0 };
    return last.durationSeconds === null
      ? { msn: last.msn, partCount: last.parts.length }
      : { msn: last.msn + 1, partCount: 0 };
  }

  /** Measured bits a second: the fullest segment, and all of the window. Before a first segment is complete, of its parts. */
  get bandwidth(): { peak: number; average: number } {
    const span = this.segments.reduce((sum, row) => sum + (row.durationSeconds ?? secondsOf(row)), 0);
    const average = span > 0 ? (this.totalBytes * 8) / span : 0;
    return { peak: Math.max(this.peakBitsPerSecond, average), average };
  }

  addInit(bytes: Buffer): void {
    this.inits.set(++this.newestInit, bytes);
  }

  /** The next segment does not follow on from this one. */
  markDiscontinuity(): void {
    this.isDiscontinuityNext = this.segments.length > 0;
  }

  addPart(part: NewPart, hint: { msn: number; partIndex: number }): void {
    const row = this.rowFor(part);
    row.parts.push({
      partIndex: part.partIndex,
      durationSeconds: part.durationSeconds,
      isIndependent: part.isIndependent,
    });
    row.partBytes.push(part.bytes);
    row.sizeBytes += part.bytes.length;
    this.totalBytes += part.bytes.length;
    this.totalSeconds += part.durationSeconds;
    if (part.partIndex === 0 && !part.isIndependent) this.allIndependent = false;
    this.hint = hint;
    this.changed();
  }

  endSegment(msn: number, durationSeconds: number, hint: { msn: number; partIndex: number }): void {
    const row = this.segments.at(-1);
    if (row?.msn !== msn || row.durationSeconds !== null) return;
    row.durationSeconds = durationSeconds;
    const bitsPerSecond = (row.sizeBytes * 8) / durationSeconds;
    // A scrap of a segment at a drop says nothing about the stream's rate.
    if (durationSeconds > this.options.targetDurationSeconds / 2)
      this.peakBitsPerSecond = Math.max(this.peakBitsPerSecond, bitsPerSecond);
    this.hint = hint;
    this.trim();
    this.store(row);
    this.changed();
  }

  end(): void {
    this.ended = true;
    this.hint = null;
    this.changed();
  }

  /** Frees everything; nothing is found here any more. */
  async dispose(): Promise<void> {
    this.end();
    this.segments.length = 0;
    this.retired.length = 0;
    this.inits.clear();
    await this.options.store.dispose();
  }

  /** Rendered at most once a change, however many ask. */
  playlist(isDelta: boolean): RenderedPlaylist {
    const kind = isDelta ? "delta" : "full";
    this.rendered[kind] ??= renderPlaylist(this.snapshot(), isDelta);
    return this.rendered[kind];
  }

  snapshot(): WindowSnapshot {
    return {
      targetDurationSeconds: this.options.targetDurationSeconds,
      partTargetSeconds: this.options.partTargetSeconds,
      segments: this.segments,
      discontinuitySequence: this.discontinuitySequence,
      isIndependent: this.allIndependent,
      hint: this.hint,
      isEnded: this.ended,
    };
  }

  init(initId: number): Buffer | null {
    return this.inits.get(initId) ?? null;
  }

  part(msn: number, partIndex: number): Buffer | null {
    return this.find(msn)?.partBytes[partIndex] ?? null;
  }

  segment(msn: number): SegmentBytes | null {
    const row = this.find(msn);
    if (!row || row.durationSeconds === null) return null;
    const parts = row.partBytes.filter((bytes) => bytes !== null);
    if (parts.length === row.partBytes.length && parts.length > 0)
      return { kind: "memory", parts, sizeBytes: row.sizeBytes };
    const stored = this.options.store.locate(msn);
    return stored && { kind: "file", ...stored };
  }

  /** Parts of a segment that is still held; infinite for one that has gone, as nothing lies beyond its last. */
  partCount(msn: number): number {
    return this.find(msn)?.parts.length ?? Number.POSITIVE_INFINITY;
  }

  /** Tells of a playlist reload, for the count of viewers. */
  countReload(isBlocking: boolean): void {
    this.reloads.count(isBlocking);
  }

  /** About how many are watching, from how often playlists are asked for. */
  viewers(nowMs: number): number {
    return this.reloads.viewers(nowMs, this.options.partTargetSeconds, this.options.targetDurationSeconds);
  }

  /** Calls `wake` once at each change until the returned function is called. */
  onChange(wake: () => void): () => void {
    this.waiters.add(wake);
    return () => this.waiters.delete(wake);
  }

  get sizeBytes(): number {
    return this.totalBytes;
  }

  /** Of the media, in memory: parts that aren't only on disk. */
  get memoryBytes(): number {
    let bytes = 0;
    for (const row of [...this.segments, ...this.retired]) for (const part of row.partBytes) bytes += part?.length ?? 0;
    return bytes;
  }

  /** How many wait for a change. */
  get waiting(): number {
    return this.waiters.size;
  }

  /** Whether a segment is whole on disk. */
  isStored(msn: number): boolean {
    return this.find(msn)?.isStored ?? false;
  }

  private find(msn: number): Held | undefined {
    const first = this.segments[0]?.msn ?? 0;
    return msn >= first ? this.segments[msn - first] : this.retired.find((row) => row.msn === msn);
  }

  private rowFor(part: NewPart): Held {
    const last = this.segments.at(-1);
    if (last && last.msn === part.msn) return last;
    const row: Held = {
      msn: part.msn,
      durationSeconds: null,
      programDateTime: new Date(part.startMs).toISOString(),
      isDiscontinuity: this.isDiscontinuityNext,
      initId: this.newestInit,
      parts: [],
      partBytes: [],
      sizeBytes: 0,
      isStored: false,
    };
    this.isDiscontinuityNext = false;
    this.segments.push(row);
    return row;
  }

  private trim(): void {
    const { limitSeconds, limitBytes, targetDurationSeconds } = this.options;
    while (this.segments.length > 1) {
      // Sums of binary fractions are off by a little.
      const spare = this.totalSeconds - secondsOf(this.segments[0]) + 1e-6;
      const isTooMuch = spare >= limitSeconds || this.totalBytes > limitBytes;
      // A playlist that segments leave must still list three target durations (RFC 8216 6.2.2).
      if (!isTooMuch || spare < 4 * targetDurationSeconds) return;
      this.retire();
    }
  }

  private retire(): void {
    const row = this.segments.shift();
    if (!row) return;
    this.totalSeconds -= secondsOf(row);
    this.totalBytes -= row.sizeBytes;
    // The sequence counts discontinuities that have left, which a segment's own tag does with its segment (RFC 8216 6.2.2).
    if (row.isDiscontinuity) this.discontinuitySequence++;
    this.retired.push(row);
    if (this.retired.length > RETIRED_SEGMENTS) this.forgetOldest();
  }

  private forgetOldest(): void {
    const gone = this.retired.shift();
    if (!gone) return;
    this.options.store.remove(gone.msn);
    const oldest = this.retired[0] ?? this.segments[0];
    if (!oldest || oldest.initId === gone.initId) return;
    for (const initId of this.inits.keys()) if (initId < oldest.initId) this.inits.delete(initId);
  }

  private store(row: Held): void {
    const bytes = row.partBytes.filter((part) => part !== null);
    this.options.store.write(row.msn, bytes, () => {
      row.isStored = true;
    });
    const inMemory = this.newestInMemory();
    if (this.options.store.isBroken) this.shrinkTo(inMemory);
    else this.leaveMemory(inMemory);
  }

  /** How many of the newest segments memory holds. */
  private newestInMemory(): number {
    let seconds = 0;
    let count = 0;
    for (let i = this.segments.length - 1; i >= 0; i--) {
      seconds += secondsOf(this.segments[i]);
      if (seconds > this.options.memorySeconds && count > 0) break;
      count++;
    }
    return count;
  }

  /** What is on disk and older than the newest `count` segments leaves memory. */
  private leaveMemory(count: number): void {
    for (let i = this.segments.length - 1 - count; i >= 0; i--) {
      const old = this.segments[i];
      if (!old || old.partBytes[0] === null) break;
      if (old.isStored) old.partBytes.fill(null);
    }
    for (const old of this.retired) if (old.isStored) old.partBytes.fill(null);
  }

  /** Without a disk the window is what fits in memory. */
  private shrinkTo(count: number): void {
    while (this.segments.length > count) this.retire();
    while (this.retired.length > 0) this.forgetOldest();
  }

  private changed(): void {
    this.rendered = { full: null, delta: null };
    for (const wake of [...this.waiters]) wake();
  }
}

function secondsOf(row: SegmentRow | undefined): number {
  return row ? row.parts.reduce((sum, part) => sum + part.durationSeconds, 0) : 0;
}

function renderPlaylist(snapshot: WindowSnapshot, isDelta: boolean): RenderedPlaylist {
  const plain = Buffer.from(mediaPlaylist(snapshot, isDelta));
  return { plain, gzip: gzipSync(plain, { level: 4 }) };
}
