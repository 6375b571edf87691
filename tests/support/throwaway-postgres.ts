import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { migrate } from "@/scripts/migrate";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@/scripts/postgres";

const TEMPLATE = "template_livehouse";

/** A real Postgres in a temporary directory, with a migrated template that new databases are copied from. */
export class ThrowawayPostgres {
  private constructor(
    private readonly directory: string,
    private readonly server: EmbeddedPostgres,
    private readonly client: Client,
  ) {}

  static async start(): Promise<ThrowawayPostgres> {
    const directory = await mkdtemp(join(tmpdir(), "livehouse-test-"));
    const server = await startEmbeddedPostgres(directory, { isDurable: false });
    const client = new Client({ connectionString: server.url });
    client.on("error", () => undefined);
    await client.connect();
    await client.query(`CREATE DATABASE ${TEMPLATE}`);
    await migrate(urlOf(server.url, TEMPLATE));
    return new ThrowawayPostgres(directory, server, client);
  }

  async createDatabase(): Promise<{ databaseName: string; url: string }> {
    const databaseName = `test_${randomBytes(6).toString("hex")}`;
    await this.client.query(`CREATE DATABASE ${databaseName} TEMPLATE ${TEMPLATE}`);
    return { databaseName, url: urlOf(this.server.url, databaseName) };
  }

  async dropDatabase(databaseName: string): Promise<void> {
    await this.client.query(`DROP DATABASE IF EXISTS ${this.client.escapeIdentifier(databaseName)} WITH (FORCE)`);
  }

  async stop(): Promise<void> {
    await this.client.end();
    await this.server.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}

function urlOf(serverUrl: string, databaseName: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${databaseName}`;
  return url.href;
}
