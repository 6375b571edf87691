import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PROJECT_ROOT } from "../project-root";
import { runCommand } from "../run-command";
import { type Counts, countsOf, type PartResult, sentenceOf } from "./part-result";

/** Runs one part, says how it went and how long it took. A part that throws has failed once. */
export async function runPart(name: string, run: () => Promise<Counts>): Promise<PartResult> {
  process.stdout.write(`\n── ${name}\n`);
  const start = performance.now();
  const counts = await run().catch((error: unknown) => {
    process.stdout.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  });
  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(`── ${name}: ${sentenceOf(counts)} (${seconds.toFixed(1)} s)\n`);
  return { name, seconds, ...counts };
}

/** Runs a test runner that writes a JSON report, and reads the sums out of it. */
export async function runRunner(
  args: (reportPath: string) => { args: string[]; env: Record<string, string> },
  timeoutMs: number,
  read: (report: unknown) => Counts,
): Promise<Counts> {
  const reportPath = join(PROJECT_ROOT, ".build", "test-report.json");
  // An older run's report would speak for a runner that crashed.
  await rm(reportPath, { force: true });
  await mkdir(dirname(reportPath), { recursive: true });
  const { args: words, env } = args(reportPath);
  const options = { env, timeoutMs, output: "stream", stop: "leader" } as const;
  const { exitCode } = await runCommand(process.execPath, words, options);
  const text = await readFile(reportPath, "utf8").catch(() => null);
  return countsOf(text === null ? null : read(JSON.parse(text)), exitCode);
}
