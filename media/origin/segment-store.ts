import { mkdir, rm, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Logger } from "pino";

/** Writes under way at once for one playback: more means that the disk does not keep up. */
const MAX_WRITES = 4;

/** The window's segments on disk, one file each, in a folder of one playback. */
export class SegmentStore {
  private writes = 0;
  private ready: Promise<unknown> | null = null;
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

  pathOf(msn: number): string {
    return path.join(this.folder, `s${msn}.m4s`);
  }

  /** Writes in the background; `done` is called when the file is whole. */
  write(msn: number, bytes: Buffer[], done: () => void): void {
    if (this.broken || this.isDisposed) return;
    if (this.writes >= MAX_WRITES) {
      this.fail(new Error("the disk does not keep up"));
      return;
    }
    this.writes++;
    this.ready ??= mkdir(this.folder, { recursive: true });
    this.ready
      .then(() => writeFile(this.pathOf(msn), bytes))
      .then(done, (error: Error) => this.fail(error))
      .finally(() => {
        this.writes--;
        if (this.isDisposed) this.removeFolder();
      });
  }

  remove(msn: number): void {
    unlink(this.pathOf(msn)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") this.log.warn({ error: error.message }, "an old segment could not be removed");
    });
  }

  async dispose(): Promise<void> {
    this.isDisposed = true;
    await this.removeFolder();
  }

  private async removeFolder(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true }).catch((error: Error) => {
      this.log.warn({ error: error.message }, "a window's folder could not be removed");
    });
  }

  private fail(error: Error): void {
    if (this.broken) return;
    this.broken = true;
    this.log.error(
      { error: error.message },
      "the rewind window cannot be written to disk: it shrinks to what memory holds",
    );
  }
}
