import { parseArgs } from "node:util";
import { PlainError } from "@/scripts/plain-error";
import { type BenchName, benchNames } from "./bench-result";

export type BenchOptions = {
  /** Short runs, to try a bench out: their figures are shown and never kept. */
  isQuick: boolean;
  /** Of the soak. */
  minutes: number;
};

export type Order = { kind: "bench"; names: readonly BenchName[]; options: BenchOptions } | { kind: "table" };

export const USAGE = `npm run bench -- ${benchNames.join("|")}|all [--quick] [--minutes N (soak)], or npm run bench -- table`;

/** @throws PlainError that says how it is used */
export function readOrder(argv: string[]): Order {
  const { values, positionals } = parse(argv);
  const [name, ...more] = positionals;
  if (more.length > 0 || name === undefined) throw new PlainError(`Usage: ${USAGE}`);
  if (name === "table") return { kind: "table" };
  const names = name === "all" ? benchNames : benchNames.filter((known) => known === name);
  if (names.length === 0) throw new PlainError(`There is no bench ${name}. Usage: ${USAGE}`);
  const isQuick = values.quick ?? false;
  const minutes = values.minutes === undefined ? (isQuick ? 2 : 20) : Number(values.minutes);
  if (!(minutes > 0 && minutes <= 24 * 60)) throw new PlainError("--minutes is a number of minutes, at most a day.");
  return { kind: "bench", names, options: { isQuick, minutes } };
}

function parse(argv: string[]) {
  try {
    const options = { quick: { type: "boolean" }, minutes: { type: "string" } } as const;
    return parseArgs({ args: argv, options, allowPositionals: true });
  } catch (error) {
    throw new PlainError(`${error instanceof Error ? error.message : String(error)}. Usage: ${USAGE}`);
  }
}
