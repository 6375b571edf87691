import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "@/scripts/project-root";
import { benchNames, readResult } from "./bench-result";
import { markdownTable } from "./result-table";

const BEGIN = "<!-- results: written by `npm run bench -- table` -->";
const END = "<!-- end of results -->";

/** Puts the table of everything in bench/results between the marks of bench/README.md. @throws Error when the marks are missing */
export function writeReadmeTable(): void {
  const path = join(PROJECT_ROOT, "bench", "README.md");
  const text = readFileSync(path, "utf8");
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from < 0 || to < from) throw new Error("bench/README.md has lost the marks of its table.");
  const results = benchNames.map(readResult).filter((result) => result !== null);
  const table = results.length > 0 ? markdownTable(results) : "No bench has been run whole yet.";
  writeFileSync(path, `${text.slice(0, from + BEGIN.length)}\n\n${table}\n\n${text.slice(to)}`);
}
