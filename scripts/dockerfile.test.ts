import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PROJECT_ROOT } from "./project-root";

/** Made inside the image. */
const BUILT = new Set([".next", ".build", "node_modules"]);

/** What the Dockerfile's COPY lines take, relative to the project root; `COPY . .` takes everything. */
function copiedPaths(): string[] {
  const lines = readFileSync(join(PROJECT_ROOT, "Dockerfile"), "utf8").split("\n");
  return lines
    .filter((line) => line.startsWith("COPY "))
    .flatMap((line) => line.split(/\s+/).slice(1, -1))
    .filter((word) => !word.startsWith("--"))
    .map((path) => path.replace(/^\/livehouse\//, ""))
    .filter((path) => !BUILT.has(path));
}

test("everything that the Dockerfile copies exists: a missing path ends the image's build", () => {
  const paths = copiedPaths();
  expect(paths).toContain("scripts");
  expect(paths.filter((path) => !existsSync(join(PROJECT_ROOT, path)))).toEqual([]);
});
