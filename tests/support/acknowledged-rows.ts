import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";
import { findEmbeddedPostgres } from "@/scripts/postgres";
import type { Livehouse } from "./livehouse";
import { until } from "./until";

const TABLES = ["users", "channels", "stream_keys", "live_sessions", "audit_entries", "settings"] as const;
const RETRY_MS = 100;
/** A burst, and yet not all that the machine can do: it must not be the fault itself. */
const PAUSE_MS = 20;

type Rows = Record<(typeof TABLES)[number], Set<string>>;

/**
 * Counts what a fault loses: every row that the database had acknowledged before it, and a burst of audit entries that
 * are written one by one, each in a transaction of its own, right through it.
 */
export class AcknowledgedRows {
  /** Codes of the answers and connections that failed meanwhile. */
  readonly failures: string[] = [];
  private readonly written = new Set<string>();
  private isStopping = false;
  private readonly writing: Promise<void>;

  private constructor(
    private readonly url: () => Promise<string | null>,
    private readonly before: Rows,
    private readonly detail: string,
  ) {
    this.writing = this.write();
  }

  /**
   * @param url where the database is now, asked again for each connection; by default a Livehouse's embedded one
   * @param detailBytes size of each row that is written
   */
  static async watch(livehouse: Livehouse, url = () => databaseOf(livehouse), detailBytes = 100) {
    return new AcknowledgedRows(url, await readRows(url), "x".repeat(detailBytes));
  }

  get acknowledged(): number {
    return this.written.size;
  }

  /** Ends the burst. @returns how many rows the database had acknowledged and has no more */
  async lost(): Promise<number> {
    this.isStopping = true;
    await this.writing;
    if (this.written.size === 0) throw new Error(`no row was ever acknowledged: ${this.failures.at(-1)}`);
    const now = await readRows(this.url);
    const missing = TABLES.flatMap((table) => [...this.before[table]].filter((id) => !now[table].has(id)));
    return missing.length + [...this.written].filter((id) => !now.audit_entries.has(id)).length;
  }

  private async write(): Promise<void> {
    while (!this.isStopping) {
      try {
        await withClient(this.url, async (client) => {
          while (!this.isStopping) {
            await this.writeOne(client);
            await wait(PAUSE_MS);
          }
        });
      } catch (error) {
        this.failures.push(String((error as { code?: string }).code ?? (error as Error).message));
        await wait(RETRY_MS);
      }
    }
  }

  private async writeOne(client: Client): Promise<void> {
    const id = randomUUID();
    await client.query(
      "INSERT INTO audit_entries (id, action, target_type, target_id, detail) VALUES ($1::uuid, 'test.write', 'test', $1::text, $2)",
      [id, JSON.stringify(this.detail)],
    );
    this.written.add(id);
  }
}

/** Runs one statement on a Livehouse's embedded database. */
export async function query<Row>(livehouse: Livehouse, text: string, values: unknown[] = []): Promise<Row[]> {
  const { rows } = await withClient(
    () => databaseOf(livehouse),
    (client) => client.query(text, values),
  );
  return rows as Row[];
}

/** The address of a Livehouse's database, or null while there is none. */
function databaseOf({ info }: Livehouse): Promise<string | null> {
  const { DATABASE_URL, DATA_DIR } = info.environment;
  return DATABASE_URL ? Promise.resolve(DATABASE_URL) : findEmbeddedPostgres(DATA_DIR ?? "");
}

function readRows(url: () => Promise<string | null>): Promise<Rows> {
  return until(
    "the database's rows",
    () =>
      withClient(url, async (client) => {
        const rows = {} as Rows;
        for (const table of TABLES) {
          const key = table === "settings" ? "name" : "id";
          const { rows: found } = await client.query(`SELECT ${key}::text AS id FROM ${table}`);
          rows[table] = new Set(found.map(({ id }) => id));
        }
        return rows;
      }),
    { timeoutMs: 30_000, everyMs: 200 },
  );
}

async function withClient<T>(url: () => Promise<string | null>, use: (client: Client) => Promise<T>): Promise<T> {
  const connectionString = await url();
  if (!connectionString) throw new Error("the database is away");
  const client = new Client({ connectionString, connectionTimeoutMillis: 2_000, query_timeout: 5_000 });
  client.on("error", () => undefined); // the query under way fails with it
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
