import { setTimeout as wait } from "node:timers/promises";
import { until } from "./until";

const POLL_MS = 50;
const TIMEOUT_MS = 2_000;

/** Watches a channel's media playlist from outside: which parts come, and how long none did. */
export class PartWatch {
  /** The longest time without a new part so far, in ms. */
  longestPauseMs = 0;
  private readonly parts = new Set<string>();
  private lastMs = performance.now();
  private isStopped = false;
  private readonly watching: Promise<void>;

  private constructor(private readonly url: string) {
    this.watching = this.watch();
  }

  /** @throws Error when the channel is not live */
  static async open(hlsUrl: string, handle: string): Promise<PartWatch> {
    const multivariant = `${hlsUrl}/live/${handle}/index.m3u8`;
    const text = await (await fetch(multivariant, { signal: AbortSignal.timeout(TIMEOUT_MS) })).text();
    const child = text.trim().split("\n").at(-1) ?? "";
    const watch = new PartWatch(new URL(child, multivariant).href);
    await watch.more(1);
    return watch;
  }

  /** Waits for so many more parts. */
  async more(count: number, timeoutMs = 20_000 + count * 1_000): Promise<void> {
    const target = this.parts.size + count;
    await until(`${count} more parts`, () => this.parts.size >= target, { timeoutMs });
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.watching;
  }

  private async watch(): Promise<void> {
    while (!this.isStopped) {
      const text = await fetch(this.url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).then(
        (response) => (response.ok ? response.text() : ""),
        () => "", // no answer is no new part: it shows in the pause
      );
      this.note(text);
      await wait(POLL_MS);
    }
  }

  private note(playlist: string): void {
    const known = this.parts.size;
    for (const [, uri] of playlist.matchAll(/#EXT-X-PART:.*URI="([^"]+)"/g)) if (uri) this.parts.add(uri);
    const nowMs = performance.now();
    if (known > 0) this.longestPauseMs = Math.max(this.longestPauseMs, nowMs - this.lastMs);
    if (this.parts.size > known) this.lastMs = nowMs;
  }
}
