import { setTimeout as wait } from "node:timers/promises";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../postgres";

const BACK_OFF_MS = [0, 500, 1000, 2000, 5000];

/** The embedded Postgres, started again on the same port whenever it ends, until `stop`. */
export class SupervisedPostgres {
  private isStopping = false;
  private readonly watching: Promise<void>;

  private constructor(
    private server: EmbeddedPostgres,
    private readonly restart: () => Promise<EmbeddedPostgres>,
    private readonly onLine: (line: string) => void,
  ) {
    this.watching = this.watch();
  }

  /** `onLine` is told what the server says of itself; its words on an ordered stop are left out. */
  static async start(dataDirectory: string, onLine: (line: string) => void): Promise<SupervisedPostgres> {
    const start = () =>
      startEmbeddedPostgres(dataDirectory, { onLine: (line) => supervised?.isStopping || onLine(line) });
    let supervised: SupervisedPostgres | undefined;
    supervised = new SupervisedPostgres(await start(), start, onLine);
    return supervised;
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
      try {
        this.server = await this.restart();
        failures = 0;
      } catch (error) {
        failures += 1;
        this.onLine(error instanceof Error ? error.message : String(error));
      }
    }
  }
}
