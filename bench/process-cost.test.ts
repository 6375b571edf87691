import { spawn } from "node:child_process";
import { expect, it } from "vitest";
import { costOf } from "./process-cost";

it("counts the CPU time and memory of a process and of what it started", async () => {
  const burn = "const end = Date.now() + 300; while (Date.now() < end);";
  const code = `require("child_process").spawnSync(process.execPath, ["-e", ${JSON.stringify(burn)}]); console.log("done"); setTimeout(() => {}, 20000)`;
  const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const { cpuSeconds, residentMegabytes } = costOf(child.pid ?? 0);
    expect(cpuSeconds).toBeGreaterThan(0.1);
    expect(residentMegabytes).toBeGreaterThan(10);
  } finally {
    child.kill("SIGKILL");
  }
});

it("says which process there is not", () => {
  expect(() => costOf(2 ** 30)).toThrow(`${2 ** 30}`);
});
