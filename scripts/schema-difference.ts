import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PGlite } from "@electric-sql/pglite";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as engineModule from "@prisma/schema-engine-wasm/schema_engine_bg";
import { PrismaPGlite } from "pglite-prisma-adapter";
import type { Migration } from "./read-migrations";

const require = createRequire(import.meta.url);

let engineLoading: Promise<typeof engineModule> | undefined;

/** The engine keeps views of its memory in module variables: a second instance in one process would read the first one's. */
function loadEngine(): Promise<typeof engineModule> {
  engineLoading ??= instantiateEngine();
  return engineLoading;
}

async function instantiateEngine(): Promise<typeof engineModule> {
  const bytes = await readFile(require.resolve("@prisma/schema-engine-wasm").replace(/\.js$/, "_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": { ...engineModule } });
  engineModule.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === "function") start();
  return engineModule;
}

/**
 * The SQL that leads from what the migrations make to what the schema says, or null when they agree.
 * Prisma's own schema engine works it out; the shadow database is an in-memory PGlite, so no server is needed.
 */
export async function schemaDifference(schema: string, migrations: readonly Migration[]): Promise<string | null> {
  const { SchemaEngine } = await loadEngine();
  const shadow = new PGlite();
  const filters = { externalTables: [], externalEnums: [] };
  const schemaFile = { path: "prisma/schema.prisma", content: schema };
  const engine = await SchemaEngine.new(
    { datamodels: [[schemaFile.path, schemaFile.content]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(new PrismaPGlite(shadow)),
  );
  try {
    const { exitCode, stdout } = await engine.diff({
      from: {
        tag: "migrations",
        baseDir: "prisma/migrations",
        lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
        shadowDbInitScript: "",
        migrationDirectories: migrations.map(({ name, sql }) => ({
          path: name,
          migrationFile: { path: "migration.sql", content: { tag: "ok", value: sql } },
        })),
      },
      to: { tag: "schemaDatamodel", files: [schemaFile] },
      script: true,
      exitCode: true,
      filters,
    });
    return exitCode === 2 ? (stdout ?? "") : null;
  } finally {
    engine.free();
    await shadow.close();
  }
}
