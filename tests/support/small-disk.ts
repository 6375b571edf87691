import { execFile } from "node:child_process";
import { chmod, mkdtemp, open, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const BLOCK = Buffer.alloc(64 * 1024);

/** A file system of its own that can be filled to the last byte. Linux, as root (or whoever may mount). */
export class SmallDisk {
  private constructor(readonly path: string) {}

  /** @returns null where nothing can be mounted */
  static async mount(megabytes: number): Promise<SmallDisk | null> {
    const path = await mkdtemp(join(tmpdir(), "livehouse-disk-"));
    const options = ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", path];
    const isMounted = await run("mount", options, { timeout: 10_000 }).then(
      () => true,
      () => false,
    );
    if (isMounted) await chmod(path, 0o755);
    else await rmdir(path);
    return isMounted ? new SmallDisk(path) : null;
  }

  /** Takes all the room that is left. */
  async fill(): Promise<void> {
    const ballast = await open(join(this.path, "ballast"), "a");
    try {
      for (let size = BLOCK.length; size >= 1; ) {
        const isFull = await ballast.write(BLOCK, 0, size).then(
          ({ bytesWritten }) => bytesWritten < size,
          (error: NodeJS.ErrnoException) => {
            if (error.code === "ENOSPC") return true;
            throw error;
          },
        );
        if (isFull) size = Math.floor(size / 4);
      }
    } finally {
      await ballast.close();
    }
  }

  /** Gives the room back. */
  async free(): Promise<void> {
    await rm(join(this.path, "ballast"), { force: true });
  }

  async unmount(): Promise<void> {
    await run("umount", [this.path], { timeout: 10_000 });
    await rmdir(this.path);
  }
}
