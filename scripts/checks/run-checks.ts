import { existsSync } from "node:fs";
import { ensureGeneratedClient } from "../generated-client";
import { runCommand } from "../run-command";
import { checkImports } from "./check-imports";

/** `report` is what the tool said, empty when there is nothing to say. */
export type CheckResult = { name: string; passed: boolean; report: string; seconds: number };

type Check = { name: string; run: () => Promise<{ passed: boolean; report: string }> };

const bin = (name: string) => `node_modules/.bin/${name}`;

async function tool(name: string, ...args: string[]): Promise<{ passed: boolean; report: string }> {
  const { exitCode, output } = await runCommand(bin(name), args, {
    env: { NEXT_TELEMETRY_DISABLED: "1" },
    output: "collect",
    timeoutMs: 180_000,
  });
  return {
    passed: exitCode === 0,
    report: exitCode === 0 ? "" : output || `${name} ended with exit code ${exitCode}.`,
  };
}

async function checkTypes(): Promise<{ passed: boolean; report: string }> {
  await ensureGeneratedClient();
  if (existsSync("app")) {
    const routes = await tool("next", "typegen");
    if (!routes.passed) return routes;
  }
  return tool("tsc", "--noEmit", "--project", ".");
}

async function checkMigrations(): Promise<{ passed: boolean; report: string }> {
  const { exitCode, output } = await runCommand(
    process.execPath,
    ["--conditions=react-server", "--import", "tsx", "scripts/check-migrations.ts"],
    { output: "collect", timeoutMs: 120_000 },
  );
  return { passed: exitCode === 0, report: exitCode === 0 ? "" : output };
}

const checks: Check[] = [
  {
    name: "format and lint",
    run: () =>
      tool("biome", "ci", "--error-on-warnings", process.stdout.isTTY ? "--colors=force" : "--colors=off", "."),
  },
  { name: "import rules", run: checkImports },
  { name: "types", run: checkTypes },
  { name: "migrations", run: checkMigrations },
];

/** Runs every static check, one after the other, and prints a line for each as it ends. A check that throws has failed. */
export async function runChecks(): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { name, run } of checks) {
    const start = performance.now();
    const { passed, report } = await run().catch((error: unknown) => ({ passed: false, report: String(error) }));
    const seconds = (performance.now() - start) / 1000;
    results.push({ name, passed, report, seconds });
    if (report) process.stdout.write(`${report.trimEnd()}\n`);
    process.stdout.write(`${passed ? "ok    " : "FAILED"} ${name} (${seconds.toFixed(1)} s)\n`);
  }
  return results;
}
