import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { readMigrations, SCHEMA_FILE } from "./read-migrations";
import { schemaDifference } from "./schema-difference";

test("a column that no migration makes is found, and nothing when schema and migrations agree", {
  timeout: 120_000,
}, async () => {
  const schema = await readFile(SCHEMA_FILE, "utf8");
  const migrations = await readMigrations();
  expect(await schemaDifference(schema, migrations)).toBeNull();
  const changed = schema.replace(/^model Channel \{$/m, "model Channel {\n  motto String?");
  expect(await schemaDifference(changed, migrations)).toContain('ALTER TABLE "channels" ADD COLUMN     "motto" TEXT');
});
