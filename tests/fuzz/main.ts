import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { PlainError, runScript } from "@/scripts/plain-error";
import { fuzzTargets } from "./fuzz-targets";
import { runTarget } from "./run-target";

const USAGE = "npm run fuzz [-- --minutes N] [--seed N] [--only WORDS OF A READER'S NAME]";
const TURN_MS = 10_000;

type FuzzOrder = { minutes: number; seed: number | null; only: string };

function readOrder(argv: string[]): FuzzOrder {
  try {
    const options = { minutes: { type: "string" }, seed: { type: "string" }, only: { type: "string" } } as const;
    const { values } = parseArgs({ args: argv, options });
    const minutes = Number(values.minutes ?? 5);
    const seed = values.seed === undefined ? null : Number(values.seed);
    if (!(minutes > 0 && minutes <= 24 * 60)) throw new Error("--minutes is a number of minutes, at most a day");
    if (seed !== null && !Number.isInteger(seed)) throw new Error("--seed is a whole number");
    return { minutes, seed, only: values.only ?? "" };
  } catch (error) {
    throw new PlainError(`${error instanceof Error ? error.message : String(error)}. Usage: ${USAGE}`);
  }
}

runScript(async () => {
  const { minutes, seed: given, only } = readOrder(process.argv.slice(2));
  const targets = fuzzTargets.filter(({ name }) => name.includes(only));
  if (targets.length === 0) throw new PlainError(`No reader's name has “${only}” in it. Usage: ${USAGE}`);
  const until = performance.now() + minutes * 60_000;
  const turnMs = Math.min(TURN_MS, (minutes * 60_000) / targets.length);
  const totals = new Map<string, number>();
  while (performance.now() < until) {
    for (const target of targets) {
      const seed = given ?? randomInt(2 ** 31);
      const executions = runTarget(target, turnMs, seed);
      const total = (totals.get(target.name) ?? 0) + executions;
      totals.set(target.name, total);
      const left = Math.max(0, Math.ceil((until - performance.now()) / 60_000));
      process.stdout.write(`${target.name}: ${total} inputs, seed ${seed} (${left} min left)\n`);
      if (performance.now() >= until) break;
    }
  }
  process.stdout.write("Nothing was found.\n");
});
