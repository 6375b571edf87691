import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PlainError, runScript } from "./plain-error";
import { MIGRATIONS_DIRECTORY, readMigrations, SCHEMA_FILE } from "./read-migrations";
import { schemaDifference } from "./schema-difference";

// node scripts/bootstrap.mjs scripts/write-migration.ts NAME: writes the next migration from the difference between
// prisma/schema.prisma and prisma/migrations. Read it before you commit it: a renamed column is a dropped and a new one.
runScript(async () => {
  const name = process.argv[2];
  if (!name || !/^[a-z0-9]+([_-][a-z0-9]+)*$/.test(name)) {
    throw new PlainError("Name the migration in small letters and underscores, such as add_chat_messages.");
  }
  const migrations = await readMigrations();
  const difference = await schemaDifference(await readFile(SCHEMA_FILE, "utf8"), migrations);
  if (difference === null) {
    process.stdout.write("prisma/schema.prisma and prisma/migrations agree: there is nothing to write.\n");
    return;
  }
  const directory = join(
    MIGRATIONS_DIRECTORY,
    `${nextTimestamp(migrations.at(-1)?.name)}_${name.replaceAll("-", "_")}`,
  );
  await mkdir(directory);
  await writeFile(join(directory, "migration.sql"), difference);
  process.stdout.write(`${join(directory, "migration.sql")}\n\n${difference}`);
});

/** `YYYYMMDDhhmmss` in UTC, and always after the newest migration, so that names sort in the order of writing. */
function nextTimestamp(newest: string | undefined): string {
  const now = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const last = newest?.slice(0, 14) ?? "";
  return now > last ? now : String(BigInt(last) + 1n);
}
