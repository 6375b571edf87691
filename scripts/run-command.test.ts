import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { isAlive } from "@/tests/support/process-tree";
import { until } from "@/tests/support/until";
import { PROJECT_ROOT } from "./project-root";
import { runCommand } from "./run-command";

/** A shell that leaves a sleeper behind and prints its process id. */
const leavesSleeper = "sleep 600 >/dev/null 2>&1 & echo $!";

describe("runCommand", () => {
  it("answers the exit code and what was printed", async () => {
    const result = await runCommand("sh", ["-c", "echo out; echo err >&2; exit 3"], {
      output: "collect",
      timeoutMs: 10_000,
    });
    expect(result.exitCode).toBe(3);
    expect(result.output.split("\n").sort()).toEqual(["", "err", "out"]);
  });

  it("answers 127 for a command that is not there", async () => {
    const result = await runCommand("/no/such/command", [], { output: "collect", timeoutMs: 10_000 });
    expect(result.exitCode).toBe(127);
    expect(result.output).toContain("ENOENT");
  });

  it("gives no standard input to wait for", async () => {
    expect(await runCommand("cat", [], { output: "collect", timeoutMs: 10_000 })).toEqual({ exitCode: 0, output: "" });
  });

  it("ends what the command left behind", async () => {
    const { output } = await runCommand("sh", ["-c", leavesSleeper], { output: "collect", timeoutMs: 10_000 });
    await until("sleeper gone", () => !isAlive(Number(output)));
  });

  it("ends a command whose time is up, and what it started", async () => {
    const command = `${leavesSleeper}; sleep 600`;
    const { exitCode, output } = await runCommand("sh", ["-c", command], { output: "collect", timeoutMs: 300 });
    expect(exitCode).toBe(124);
    await until("sleeper gone", () => !isAlive(Number(output)));
  });

  it.each(["SIGTERM", "SIGINT"] as const)("ends everything on %s", async (signal) => {
    const code = `
      import { endCommandsOnSignals, runCommand } from "./scripts/run-command";
      endCommandsOnSignals();
      void runCommand("sh", ["-c", "${leavesSleeper}; wait"], { output: "stream", timeoutMs: 60000 });
    `;
    const args = ["--import", "tsx", "--input-type=module", "--eval", code];
    const runner = spawn(process.execPath, args, { cwd: PROJECT_ROOT, stdio: ["ignore", "pipe", "inherit"] });
    const sleeper = await new Promise<number>((resolve) => runner.stdout.once("data", (line) => resolve(Number(line))));
    expect(isAlive(sleeper)).toBe(true);
    const exited = new Promise((resolve) => runner.once("exit", resolve));
    runner.kill(signal);
    expect(await exited).toBe(signal === "SIGTERM" ? 143 : 130);
    await until("sleeper gone", () => !isAlive(sleeper));
  });
});
