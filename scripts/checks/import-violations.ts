import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { type ImportRule, importRules, testOnlyFolders } from "./import-rules";
import { type ModuleImport, readImports } from "./read-imports";

const sourceExtension = /\.(d\.ts|tsx?|mts|jsx?|mjs)$/;
const testFile = /\.test\.tsx?$/;

const covers = (folder: string, path: string) => path === folder || path.startsWith(`${folder}/`);
const coveredBy = (folders: string[], path: string) => folders.some((folder) => covers(folder, path));

/**
 * What a file imports against the rules, one sentence each. Tests are free: they may set up whatever they test.
 *
 * @param path relative to the repository, with `/`
 */
export function importViolations(path: string, source: string): string[] {
  if (testFile.test(path)) return [];
  const rule = importRules.find(({ folders }) => coveredBy(folders, withoutExtension(path)));
  if (!rule) return [];
  return readImports(path, source).flatMap((found) => {
    const fault = faultOf(path, rule, found);
    return fault ? [`${path}:${found.line}: ${fault}`] : [];
  });
}

function faultOf(path: string, rule: ImportRule, { specifier, isTypeOnly }: ModuleImport): string | null {
  const target = projectPath(path, specifier);
  const home = rule.folders.join(", ");
  if (target === null) return isPackageAllowed(rule, specifier) ? null : `${home} may not import "${specifier}"`;
  if (coveredBy(testOnlyFolders, target)) return `"${target}" is for tests and scripts, not for ${home}`;
  if (coveredBy([...rule.folders, ...rule.project], target)) return null;
  if (coveredBy(rule.projectTypes ?? [], target))
    return isTypeOnly ? null : `${home} may import only types of "${target}"`;
  return `${home} may not import "${target}"`;
}

/** The repository's path that a specifier means, or null for a package. */
function projectPath(importer: string, specifier: string): string | null {
  if (specifier.startsWith("@/")) return withoutExtension(posix.normalize(specifier.slice(2)));
  if (specifier.startsWith(".")) return withoutExtension(posix.join(posix.dirname(importer), specifier));
  return null;
}

function withoutExtension(path: string): string {
  return path.replace(sourceExtension, "");
}

function isPackageAllowed({ packages }: ImportRule, specifier: string): boolean {
  const name = packageName(specifier);
  return "only" in packages ? packages.only.includes(name) : !packages.never.includes(name);
}

/** `@scope/name/file` is `@scope/name`; `fs/promises` and `node:fs/promises` are `node:fs`. */
function packageName(specifier: string): string {
  const bare = specifier.replace(/^node:/, "");
  const [first = "", second = ""] = bare.split("/");
  if (bare !== specifier || isBuiltin(first)) return `node:${first}`;
  return first.startsWith("@") ? `${first}/${second}` : first;
}
