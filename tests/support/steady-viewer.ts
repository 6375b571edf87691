import { Agent, get } from "node:http";
import { performance } from "node:perf_hooks";

const ANSWER_TIMEOUT_MS = 15_000;

export type SteadyViewerOptions = { headers?: Record<string, string>; localAddress?: string };

/**
 * An honest viewer: follows a live media playlist part by part, by blocking reloads over connections that it keeps, and fetches each
 * part. While an attack runs its parts must go on coming.
 */
export class SteadyViewer {
  /** Parts fetched so far. */
  parts = 0;
  /** Longest time from one new part to the next, in milliseconds. */
  longestGapMs = 0;
  /** What was not as it should be. */
  readonly faults: string[] = [];
  private lastMs = performance.now();
  private isStopped = false;
  private readonly agent: Agent;
  private run: Promise<void> = Promise.resolve();

  /** @param url of a media playlist that is there */
  constructor(
    private readonly url: string,
    private readonly options: SteadyViewerOptions = {},
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: 2, localAddress: options.localAddress });
    this.start();
  }

  /** Begins, also again after a stop. */
  start(): void {
    this.isStopped = false;
    this.run = this.follow().catch((error: Error) => {
      this.faults.push(error.message);
    });
  }

  /** Resolves when it has got `count` more parts from now on. @throws Error when it has met a fault */
  async more(count: number): Promise<void> {
    const goal = this.parts + count;
    while (this.parts < goal && this.faults.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    if (this.faults.length > 0) throw new Error(`an honest viewer was disturbed: ${this.faults.join("; ")}`);
  }

  /** What was before does not count: the test itself was busy. */
  forgetGaps(): void {
    this.longestGapMs = 0;
    this.lastMs = performance.now();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.run;
    this.agent.destroy();
  }

  private async follow(): Promise<void> {
    let text = await this.ask(this.url);
    this.forgetGaps();
    let newest = "";
    while (!this.isStopped) {
      const [, msn, part] = /#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p(\d+)\.(\d+)\.m4s"/.exec(text) ?? [];
      if (msn === undefined) throw new Error("the playlist has no hint");
      text = await this.ask(`${this.url}?_HLS_msn=${msn}&_HLS_part=${part}`);
      const uri = [...text.matchAll(/#EXT-X-PART:[^\n]*URI="([^"]+)"/g)].at(-1)?.[1];
      if (!uri || uri === newest) throw new Error(`nothing new after ${newest}`);
      newest = uri;
      await this.ask(new URL(uri, this.url).href);
      this.parts++;
      this.longestGapMs = Math.max(this.longestGapMs, performance.now() - this.lastMs);
      this.lastMs = performance.now();
    }
  }

  private ask(url: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const { headers } = this.options;
      const asked = get(url, { agent: this.agent, headers, timeout: ANSWER_TIMEOUT_MS }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString("latin1"));
          else reject(new Error(`${url} was answered with ${response.statusCode}`));
        });
      });
      asked.on("timeout", () => asked.destroy(new Error(`${url} was not answered`)));
      asked.on("error", reject);
    });
  }
}
