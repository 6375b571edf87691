import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT_ROOT } from "../project-root";

const NOT_BUILT = /\.test\.tsx?$|(^|\/)(generated|fixtures|\.DS_Store)(\/|$)/;

/**
 * SHA-256 over the names and contents of everything that a build is made from, tests and generated files aside.
 * @param paths files and directories below the project root; one that does not exist counts as empty
 */
export async function sourceHash(paths: readonly string[]): Promise<string> {
  const files = (await Promise.all(paths.map(filesBelow))).flat().sort();
  const hash = createHash("sha256");
  for (const file of files) {
    const content = createHash("sha256").update(await readFile(join(PROJECT_ROOT, file)));
    hash.update(`${file}\0${content.digest("hex")}\n`);
  }
  return hash.digest("hex");
}

async function filesBelow(path: string): Promise<string[]> {
  const found = await stat(join(PROJECT_ROOT, path)).catch(() => null);
  if (!found || NOT_BUILT.test(path)) return [];
  if (!found.isDirectory()) return [path];
  const names = await readdir(join(PROJECT_ROOT, path));
  return (await Promise.all(names.map((name) => filesBelow(`${path}/${name}`)))).flat();
}
