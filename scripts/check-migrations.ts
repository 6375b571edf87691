import { readFile } from "node:fs/promises";
import { PlainError, runScript } from "./plain-error";
import { readMigrations, SCHEMA_FILE } from "./read-migrations";
import { schemaDifference } from "./schema-difference";

// Fails when prisma/schema.prisma and prisma/migrations differ.
runScript(async () => {
  const difference = await schemaDifference(await readFile(SCHEMA_FILE, "utf8"), await readMigrations());
  if (difference === null) return;
  throw new PlainError(
    `prisma/schema.prisma and prisma/migrations differ: run "node scripts/bootstrap.mjs scripts/write-migration.ts NAME". Missing:\n${difference}`,
  );
});
