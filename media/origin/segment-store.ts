import { close, open, unlink, writev } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Logger } from "pino";

/** Writes under way at once for one playback: more means that the disk does not keep up. */
const MAX_WRITES = 4;
/** Opening a file costs more than writing a segment to it, so that some share one. */
const SEGMENTS_PER_FILE = 30;

/** Where a segment's bytes lie. */
export type StoredSegment = { path: string; offset: number; sizeBytes: number };

type StoreFile = {
  path: string;
  descriptor: number;
  sizeBytes: number;
  segments: number;
  removed: number;
  writes: number;
  /** Nothing more is appended: closed when its last write is done. */
  isFinished: boolean;
};

/** The window's segments on disk, behind each other in a few files, in a folder of one playback. */
export class SegmentStore {
  private readonly stored = new Map<number, { file: StoreFile; offset: number; sizeBytes: number }>();
  private readonly waiting: (() => void)[] = [];
  private current: StoreFile | null = null;
  private files = 0;
  private writes = 0;
  private isOpening = false;
  private broken = false;
  private isDisposed = false;

  constructor(
    private readonly folder: string,
    private readonly log: Logger,
  ) {}

  /** True once a write has failed: the window then shrinks to what memory holds. */
  get isBroken(): boolean {
    return this.broken;
  }

  /** Null for a segment that has not been written whole. */
  locate(msn: number): StoredSegment | null {
    const found = this.stored.get(msn);
    return found ? { path: found.file.path, offset: found.offset, sizeBytes: found.sizeBytes } : null;
  }

  /** Writes in the background; `done` is called when the segment is whole. */
  write(msn: number, bytes: Buffer[], done: () => void): void {
    if (this.broken || this.isDisposed) return;
    if (this.writes >= MAX_WRITES) {
      this.fail(new Error("the disk does not keep up"));
      return;
    }
    this.writes++;
    this.withFile((file) => this.append(file, msn, bytes, done));
  }

  /** A file goes when all its segments have. */
  remove(msn: number): void {
    const found = this.stored.get(msn);
    if (!found) return;
    this.stored.delete(msn);
    found.file.removed++;
    const isComplete = found.file.isFinished || found.file.segments >= SEGMENTS_PER_FILE;
    if (!isComplete || found.file.removed < found.file.segments) return;
    unlink(found.file.path, (error) => {
      if (error && error.code !== "ENOENT")
        this.log.warn({ error: error.message }, "an old segment could not be removed");
    });
  }

  async dispose(): Promise<void> {
    this.isDisposed = true;
    this.stored.clear();
    this.finishFile();
    await this.removeFolder();
  }

  /** Calls `use` with the file that has room, once it is open; in order. */
  private withFile(use: (file: StoreFile) => void): void {
    const { current } = this;
    if (current && current.segments < SEGMENTS_PER_FILE) {
      use(current);
      return;
    }
    this.waiting.push(() => this.withFile(use));
    if (this.isOpening) return;
    this.isOpening = true;
    this.openNext().then(
      () => {
        this.isOpening = false;
        for (const retry of this.waiting.splice(0)) retry();
      },
      (error: Error) => {
        this.isOpening = false;
        this.writes -= this.waiting.splice(0).length;
        this.fail(error);
      },
    );
  }

  private async openNext(): Promise<void> {
    this.finishFile();
    await mkdir(this.folder, { recursive: true });
    const filePath = path.join(this.folder, `${this.files++}.m4s`);
    const descriptor = await new Promise<number>((done, reject) => {
      open(filePath, "wx", 0o600, (error, opened) => (error ? reject(error) : done(opened)));
    });
    if (this.isDisposed) {
      close(descriptor);
      await this.removeFolder();
      throw new Error("the window is gone");
    }
    this.current = { path: filePath, descriptor, sizeBytes: 0, segments: 0, removed: 0, writes: 0, isFinished: false };
  }

  private append(file: StoreFile, msn: number, bytes: Buffer[], done: () => void): void {
    const sizeBytes = bytes.reduce((sum, part) => sum + part.length, 0);
    const offset = file.sizeBytes;
    file.sizeBytes += sizeBytes;
    file.segments++;
    file.writes++;
    writev(file.descriptor, bytes, offset, (error, written) => {
      this.writes--;
      file.writes--;
      this.closeIfDone(file);
      if (error || written !== sizeBytes) {
        file.segments--;
        this.fail(error ?? new Error("the disk is full"));
      } else if (!this.isDisposed) {
        this.stored.set(msn, { file, offset, sizeBytes });
        done();
      }
    });
  }

  private finishFile(): void {
    if (!this.current) return;
    this.current.isFinished = true;
    this.closeIfDone(this.current);
    this.current = null;
  }

  private closeIfDone(file: StoreFile): void {
    if (!file.isFinished || file.writes > 0) return;
    close(file.descriptor, (error) => {
      if (error) this.log.warn({ error: error.message }, "a window's file could not be closed");
    });
  }

  private async removeFolder(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true }).catch((error: Error) => {
      this.log.warn({ error: error.message }, "a window's folder could not be removed");
    });
  }

  private fail(error: Error): void {
    if (this.broken || this.isDisposed) return;
    this.broken = true;
    // Nothing is appended any more, so that the file can go with its last segment and leave its room to others.
    this.finishFile();
    this.log.error(
      { error: error.message },
      "the rewind window cannot be written to disk: it shrinks to what memory holds",
    );
  }
}
