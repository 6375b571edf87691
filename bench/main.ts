import { PlainError, runScript } from "@/scripts/plain-error";
import { type BenchName, type BenchResult, writeResult } from "./bench-result";
import { describeMachine } from "./machine";
import { type BenchOptions, readOrder } from "./options";
import { terminalTable } from "./result-table";
import { stopAll, stopOnSignals } from "./started";
import { writeReadmeTable } from "./write-readme-table";

type Bench = (options: BenchOptions) => Promise<BenchResult>;

/** Loaded when asked for; each must end by itself in this time, in minutes beside the soak's own. */
const benches: Record<BenchName, { load: () => Promise<Bench>; limitMinutes: number }> = {
  latency: { load: async () => (await import("./latency")).benchLatency, limitMinutes: 30 },
  network: { load: async () => (await import("./network")).benchNetwork, limitMinutes: 40 },
  join: { load: async () => (await import("./join")).benchJoin, limitMinutes: 15 },
  golive: { load: async () => (await import("./golive")).benchGolive, limitMinutes: 15 },
  ingest: { load: async () => (await import("./ingest")).benchIngest, limitMinutes: 25 },
  fanout: { load: async () => (await import("./fanout")).benchFanout, limitMinutes: 25 },
  soak: { load: async () => (await import("./soak")).benchSoak, limitMinutes: 10 },
};

async function run(name: BenchName, options: BenchOptions): Promise<void> {
  process.stderr.write(`\nbench ${name}${options.isQuick ? " (quick: the figures are not kept)" : ""}\n`);
  const { load, limitMinutes } = benches[name];
  const minutes = limitMinutes + (name === "soak" ? options.minutes : 0);
  let deadline: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    deadline = setTimeout(() => reject(new PlainError(`${name} did not end in ${minutes} minutes.`)), minutes * 60_000);
  });
  try {
    const bench = await load();
    const result = await Promise.race([bench(options), late]);
    result.detail = { machine: describeMachine(), ...result.detail };
    process.stdout.write(`${terminalTable(result)}\n`);
    if (!options.isQuick) writeResult(result);
  } finally {
    clearTimeout(deadline);
    await stopAll();
  }
}

runScript(async () => {
  stopOnSignals();
  const order = readOrder(process.argv.slice(2));
  if (order.kind === "bench") {
    for (const name of order.names) await run(name, order.options);
  }
  if (order.kind === "table" || !order.options.isQuick) writeReadmeTable();
  process.exit(0);
});
