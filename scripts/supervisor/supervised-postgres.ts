import { setTimeout as wait } from "node:timers/promises";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../postgres";

const BACK_OFF_MS = [0, 500, 1000, 2000, 5000];

/** The embedded Postgres, started again on the same port whenever it ends, until `stop`. */
export class SupervisedPostgres {
  private isStopping = false;
  private readonly watching: Promise<void>;

  private constructor(
    private server: EmbeddedPostgres,
    private readonly dataDirectory: string,
    private readonly onLine: (line: string) => void,
  ) {
    this.watching = this.watch();
  }

  static async start(dataDirectory: string, onLine: (line: string) => void): Promise<SupervisedPostgres> {
    return new SupervisedPostgres(await startEmbeddedPostgres(dataDirectory, { onLine }), dataDirectory, onLine);
  }

  get url(): string {
    return this.server.url;
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await this.server.stop();
    await this.watching;
    // A restart may have been under way meanwhile.
    await this.server.stop();
  }

  private async watch(): Promise<void> {
    for (let failures = 0; !this.isStopping; ) {
      await this.server.exited;
      if (this.isStopping) return;
      const delayMs = BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length - 1)] ?? 0;
      this.onLine(`ended, starts again ${delayMs ? `in ${delayMs / 1000} s` : "now"}`);
      await wait(delayMs);
      const isBack = await this.restart();
      failures = isBack ? 0 : failures + 1;
    }
  }

  private async restart(): Promise<boolean> {
    try {
      this.server = await startEmbeddedPostgres(this.dataDirectory, { onLine: this.onLine });
      return true;
    } catch (error) {
      this.onLine(error instanceof Error ? error.message : String(error));
      return false;
    }
  }
}
