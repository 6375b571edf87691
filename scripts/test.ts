import { runChecks } from "./checks/run-checks";
import { endCommandsOnSignals } from "./run-command";
import { ensureTools } from "./test/ensure-tools";
import { type Counts, type PartResult, sentenceOf, sumOf } from "./test/part-result";
import { countsOfPlaywright, countsOfVitest } from "./test/read-reports";
import { runPart, runRunner } from "./test/run-part";
import { forgetSecurityFigures, readSecurityFigures, securityTable } from "./test/security-figures";

const MINUTE_MS = 60_000;

async function checks(): Promise<Counts> {
  const results = await runChecks();
  const passed = results.filter((result) => result.passed).length;
  return { passed, failed: results.length - passed, skipped: 0 };
}

function unitAndIntegration(): Promise<Counts> {
  const args = (reportPath: string) => ({
    args: [
      "node_modules/vitest/vitest.mjs",
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${reportPath}`,
    ],
    env: {},
  });
  return runRunner(args, 20 * MINUTE_MS, countsOfVitest);
}

async function build(): Promise<Counts> {
  const { buildIfNeeded } = await import("./build");
  await buildIfNeeded();
  return { passed: 1, failed: 0, skipped: 0 };
}

async function endToEnd(missingTools: string[]): Promise<Counts> {
  if (missingTools.length > 0) throw new Error(missingTools.join("\n"));
  const args = (reportPath: string) => ({
    args: ["node_modules/@playwright/test/cli.js", "test", "--reporter=list,json"],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: reportPath },
  });
  return runRunner(args, 46 * MINUTE_MS, countsOfPlaywright);
}

endCommandsOnSignals();
process.env.CI = "true";
process.env.NEXT_TELEMETRY_DISABLED = "1";
process.env.CHECKPOINT_DISABLE = "1";

forgetSecurityFigures();
const missingTools = await ensureTools();
const parts: PartResult[] = [
  await runPart("checks", checks),
  await runPart("unit and integration", unitAndIntegration),
  await runPart("production build", build),
];
parts.push(await runPart("end to end", () => endToEnd(missingTools)));

const sum = sumOf(parts);
process.stdout.write(`\n${securityTable(readSecurityFigures())}\n`);
for (const part of parts) process.stdout.write(`${part.name}: ${part.seconds.toFixed(1)} s\n`);
for (const sentence of missingTools) process.stdout.write(`${sentence}\n`);
process.stdout.write(`${sentenceOf(sum)}\n`);
process.exit(sum.failed > 0 ? 1 : 0);
