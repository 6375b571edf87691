import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { PROJECT_ROOT } from "../project-root";

/** Where tests leave what they have tried (`tests/support/security-figures.ts`), a line of JSON each. */
export const SECURITY_FIGURES_PATH = join(PROJECT_ROOT, ".build", "security-figures.jsonl");

const securityFigure = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("attack"), side: z.string(), name: z.string(), tries: z.int() }),
  z.object({ kind: z.literal("fuzz"), reader: z.string(), executions: z.int() }),
  z.object({ kind: z.literal("fault"), name: z.string(), lostRows: z.int() }),
]);

export type SecurityFigure = z.infer<typeof securityFigure>;

/** Forgets the figures of an earlier run. */
export function forgetSecurityFigures(): void {
  rmSync(SECURITY_FIGURES_PATH, { force: true });
}

/** What the tests of this run have noted. */
export function readSecurityFigures(): SecurityFigure[] {
  let text = "";
  try {
    text = readFileSync(SECURITY_FIGURES_PATH, "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => securityFigure.parse(JSON.parse(line)));
}

/** A table: attacks by side, fuzzed inputs by reader, faults with the rows they lost. Empty without figures. */
export function securityTable(figures: SecurityFigure[]): string {
  const rows: [string, string][] = [];
  const attacks = figures.filter((figure) => figure.kind === "attack");
  for (const side of new Set(attacks.map((attack) => attack.side))) {
    const ofSide = attacks.filter((attack) => attack.side === side);
    const kinds = new Set(ofSide.map((attack) => attack.name)).size;
    rows.push([
      `attacks by ${side}`,
      `${kinds} kinds, ${sum(ofSide.map(({ tries }) => tries))} tries, none got through`,
    ]);
  }
  const fuzz = figures.filter((figure) => figure.kind === "fuzz");
  for (const reader of new Set(fuzz.map((run) => run.reader))) {
    const executions = sum(fuzz.filter((run) => run.reader === reader).map((run) => run.executions));
    rows.push([`fuzzed: ${reader}`, `${executions} inputs`]);
  }
  for (const { name, lostRows } of figures.filter((figure) => figure.kind === "fault")) {
    rows.push([`survived: ${name}`, `lost rows: ${lostRows || "none"}`]);
  }
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join("");
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
