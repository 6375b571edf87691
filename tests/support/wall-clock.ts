import { writeFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFaketime } from "@/scripts/faketime";

/** The clock on the wall as other processes see it, which can be set while they run (libfaketime; their monotonic clock stays). */
export class WallClock {
  private constructor(
    private readonly directory: string,
    private readonly library: string,
  ) {
    this.set(0);
  }

  /** @returns null where libfaketime is not installed (Debian: apt-get install faketime) */
  static async open(): Promise<WallClock | null> {
    const library = findFaketime();
    if (!library) return null;
    const directory = await mkdtemp(join(tmpdir(), "livehouse-clock-"));
    await chmod(directory, 0o755); // Postgres runs as somebody else
    return new WallClock(directory, library);
  }

  /** For the processes that shall go by it. */
  get environment(): Record<string, string> {
    return {
      LD_PRELOAD: this.library,
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      DONT_FAKE_MONOTONIC: "1",
    };
  }

  /** @param seconds ahead of the true time, negative when behind */
  set(seconds: number): void {
    writeFileSync(this.file, `${seconds < 0 ? "" : "+"}${seconds}s\n`);
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  private get file(): string {
    return join(this.directory, "clock");
  }
}
