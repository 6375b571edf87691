import "server-only";
import { Client } from "pg";
import { env } from "../env";
import { log } from "../log";

/** The Postgres notification channel; the payload is the handle of the channel that changed. */
export const LIVE_CHANGES_CHANNEL = "livehouse_live_changes";

const RETRY_MS = 500;
const PROBE_MS = 10_000;
const PROBE_TIMEOUT_MS = 5_000;

type Handlers = {
  changed(handle: string): void;
  /** Listening (again): whatever happened before may have been missed. */
  listening(): void;
};

/** One LISTEN connection that comes back by itself. */
export class ChangeListener {
  private client: Client | null = null;
  private timer: NodeJS.Timeout | null = null;
  private isStopped = false;
  private isOutage = false;

  constructor(private readonly handlers: Handlers) {
    void this.connect();
  }

  /** Ends the connection for good. */
  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.drop(this.client);
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: env().DATABASE_URL,
      connectionTimeoutMillis: 2_000,
      query_timeout: PROBE_TIMEOUT_MS,
      keepAlive: true,
      application_name: "livehouse-portal-events",
    });
    this.client = client;
    client.on("error", (error) => this.lost(client, error));
    client.on("end", () => this.lost(client, null));
    client.on("notification", ({ payload }) => payload && this.handlers.changed(payload));
    try {
      await client.connect();
      await client.query(`LISTEN ${LIVE_CHANGES_CHANNEL}`);
    } catch (error) {
      return this.lost(client, error);
    }
    if (this.client !== client) return;
    if (this.isOutage) log().info("the connection for live events is back");
    this.isOutage = false;
    this.handlers.listening();
    this.probeLater(client);
  }

  // A connection whose other end vanished without a word stays silent for ever; a query finds out.
  private probeLater(client: Client): void {
    this.timer = setTimeout(() => {
      client.query("SELECT 1").then(
        () => this.client === client && !this.isStopped && this.probeLater(client),
        (error: unknown) => this.lost(client, error),
      );
    }, PROBE_MS);
    this.timer.unref();
  }

  private lost(client: Client, error: unknown): void {
    if (this.client !== client || this.isStopped) return;
    // Said once an outage, not twice a second.
    if (!this.isOutage) log().warn({ err: error }, "the connection for live events is lost; trying again");
    this.isOutage = true;
    if (this.timer) clearTimeout(this.timer);
    void this.drop(client);
    this.timer = setTimeout(() => void this.connect(), RETRY_MS);
    this.timer.unref();
  }

  private async drop(client: Client | null): Promise<void> {
    if (!client) return;
    if (this.client === client) this.client = null;
    // Its end is wished for; whether the server still hears of it doesn't matter.
    await client.end().catch(() => undefined);
  }
}
