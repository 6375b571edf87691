import { createHash } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ThrowawayDatabase, throwawayDatabase } from "@/tests/support/throwaway-database";
import { migrate } from "./migrate";
import { type Migration, readMigrations } from "./read-migrations";

let database: ThrowawayDatabase;
let client: Client;

beforeAll(async () => {
  database = await throwawayDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

beforeEach(async () => {
  await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
});

function migration(name: string, sql: string): Migration {
  return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
}

const FIRST = migration("20260101000000_first", "CREATE TABLE first (id int); INSERT INTO first VALUES (1);");
const SECOND = migration("20260102000000_second", "CREATE TABLE second (id int);");

async function recorded(): Promise<{ migration_name: string; checksum: string; applied_steps_count: number }[]> {
  const { rows } = await client.query(
    "SELECT migration_name, checksum, applied_steps_count FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL AND logs IS NULL ORDER BY started_at",
  );
  return rows;
}

async function tables(): Promise<string[]> {
  const { rows } = await client.query<{ table_name: string }>(
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' ORDER BY 1",
  );
  return rows.map((row) => row.table_name);
}

describe("migrate", () => {
  test("applies every migration to a fresh database and writes them down in Prisma's form", async () => {
    expect(await migrate(database.url, [FIRST, SECOND])).toEqual([FIRST.name, SECOND.name]);
    expect(await tables()).toEqual(["first", "second"]);
    expect(await recorded()).toEqual([
      { migration_name: FIRST.name, checksum: FIRST.checksum, applied_steps_count: 1 },
      { migration_name: SECOND.name, checksum: SECOND.checksum, applied_steps_count: 1 },
    ]);
  });

  test("the project's own migrations apply to a fresh database", async () => {
    await migrate(database.url);
    expect(await tables()).toContain("stream_keys");
    expect((await recorded()).map((row) => row.migration_name)).toEqual(
      (await readMigrations()).map(({ name }) => name),
    );
  });

  test("does nothing the second time, and only what is new when there is something new", async () => {
    await migrate(database.url, [FIRST]);
    expect(await migrate(database.url, [FIRST])).toEqual([]);
    expect(await migrate(database.url, [FIRST, SECOND])).toEqual([SECOND.name]);
  });

  test("refuses a migration that was changed after it had been applied", async () => {
    await migrate(database.url, [FIRST]);
    const changed = migration(FIRST.name, "CREATE TABLE other (id int);");
    await expect(migrate(database.url, [changed, SECOND])).rejects.toThrow(/20260101000000_first was changed after/);
    expect(await tables()).toEqual(["first"]);
  });

  test("refuses a database that a newer version has migrated", async () => {
    await migrate(database.url, [FIRST, SECOND]);
    await expect(migrate(database.url, [FIRST])).rejects.toThrow(/20260102000000_second.*made by a newer one/);
  });

  test("refuses a database in which another tool left a migration unfinished", async () => {
    await migrate(database.url, []);
    await client.query("INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', $1, $2)", [
      FIRST.checksum,
      FIRST.name,
    ]);
    await expect(migrate(database.url, [FIRST])).rejects.toThrow(/never finished/);
  });

  test("a failing migration is rolled back whole, the ones before it stay", async () => {
    const failing = migration("20260103000000_failing", "CREATE TABLE third (id int); SELECT 1 / 0;");
    await expect(migrate(database.url, [FIRST, failing])).rejects.toThrow(
      /20260103000000_failing failed and was rolled back.*division by zero/,
    );
    expect(await tables()).toEqual(["first"]);
    expect((await recorded()).map((row) => row.migration_name)).toEqual([FIRST.name]);
  });

  test("two runners at once apply each migration once", async () => {
    const applied = await Promise.all([1, 2, 3].map(() => migrate(database.url, [FIRST, SECOND])));
    expect(applied.flat().sort()).toEqual([FIRST.name, SECOND.name]);
    const { rows } = await client.query("SELECT id FROM first");
    expect(rows).toHaveLength(1);
  });
});
