import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** One `prisma/migrations/NAME/migration.sql`. */
export interface Migration {
  name: string;
  sql: string;
  /** SHA-256 of the file, lower-case hex: what Prisma keeps in `_prisma_migrations`. */
  checksum: string;
}

export const MIGRATIONS_DIRECTORY = fileURLToPath(new URL("../prisma/migrations", import.meta.url));
export const SCHEMA_FILE = fileURLToPath(new URL("../prisma/schema.prisma", import.meta.url));

/** All migrations in the order in which they apply (names begin with a timestamp). */
export async function readMigrations(directory = MIGRATIONS_DIRECTORY): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const bytes = await readFile(`${directory}/${name}/migration.sql`);
      return { name, sql: bytes.toString("utf8"), checksum: createHash("sha256").update(bytes).digest("hex") };
    }),
  );
}
