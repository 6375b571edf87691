import { readdir, readFile } from "node:fs/promises";
import { importViolations } from "./import-violations";

const folders = ["app", "components", "lib", "media"];
const isSource = (path: string) =>
  /\.(tsx?|mts|jsx?|mjs)$/.test(path) && !path.startsWith("lib/generated/") && !path.includes("/fixtures/");

/** Holds every source file against the import rules. */
export async function checkImports(): Promise<{ passed: boolean; report: string }> {
  const found = await Promise.all(
    folders.map(async (folder) => (await readdir(folder, { recursive: true })).map((path) => `${folder}/${path}`)),
  );
  const paths = found.flat().filter(isSource).sort();
  const sources = await Promise.all(paths.map(async (path) => ({ path, text: await readFile(path, "utf8") })));
  const faults = sources.flatMap(({ path, text }) => importViolations(path, text));
  return { passed: faults.length === 0, report: faults.join("\n") };
}
