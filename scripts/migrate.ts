import { randomUUID } from "node:crypto";
import type { Client } from "pg";
import { connectPatiently } from "./connect-patiently";
import { PlainError } from "./plain-error";
import { type Migration, readMigrations } from "./read-migrations";

/** The advisory lock that Prisma's own `migrate deploy` takes: the two never run at once. */
const PRISMA_LOCK = 72707369;
const OLDEST_POSTGRES = 14;

const MIGRATIONS_TABLE = `
CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`;

interface AppliedMigration {
  migration_name: string;
  checksum: string;
  is_finished: boolean;
}

/**
 * Brings the database up to the given migrations, each in one transaction, and writes them down as Prisma does.
 * Safe to run at once from several processes: one works, the others wait (60 s at most).
 * @returns names of the migrations that were applied now
 * @throws PlainError when the database's history and these migrations do not fit, or one fails (it is rolled back)
 */
export async function migrate(databaseUrl: string, migrations?: readonly Migration[]): Promise<string[]> {
  const wanted = migrations ?? (await readMigrations());
  const client = await connectPatiently(databaseUrl);
  try {
    await refuseOldPostgres(client);
    await client.query("SET client_min_messages = warning; SET lock_timeout = '60s'");
    await client.query("SELECT pg_advisory_lock($1)", [PRISMA_LOCK]);
    await client.query(MIGRATIONS_TABLE);
    const pending = pendingMigrations(wanted, await readApplied(client));
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

async function refuseOldPostgres(client: Client): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string; server_version: string }>(
    "SELECT current_setting('server_version_num') AS server_version_num, current_setting('server_version') AS server_version",
  );
  if (Number(rows[0]?.server_version_num) >= OLDEST_POSTGRES * 10_000) return;
  throw new PlainError(
    `The database is Postgres ${rows[0]?.server_version}; Livehouse needs Postgres ${OLDEST_POSTGRES} or newer.`,
  );
}

async function readApplied(client: Client): Promise<AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS is_finished
     FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows;
}

function pendingMigrations(wanted: readonly Migration[], applied: readonly AppliedMigration[]): Migration[] {
  const wantedByName = new Map(wanted.map((migration) => [migration.name, migration]));
  for (const { migration_name: name, checksum, is_finished } of applied) {
    const migration = wantedByName.get(name);
    if (!is_finished) {
      throw new PlainError(
        `Migration ${name} was begun by another tool and never finished: repair the database and run "npx prisma migrate resolve".`,
      );
    }
    if (!migration) {
      throw new PlainError(
        `The database has migration ${name}, which this version of Livehouse does not know: it was made by a newer one, so use that.`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new PlainError(
        `Migration ${name} was changed after it had been applied: restore prisma/migrations/${name}/migration.sql and put the change into a new migration.`,
      );
    }
  }
  const appliedNames = new Set(applied.map(({ migration_name }) => migration_name));
  return wanted.filter(({ name }) => !appliedNames.has(name));
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query("BEGIN");
  try {
    const startedAt = new Date();
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
       VALUES ($1, $2, now(), $3, $4, 1)`,
      [randomUUID(), checksum, name, startedAt],
    );
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlainError(`Migration ${name} failed and was rolled back, nothing of it remains: ${reason}`);
  }
}
