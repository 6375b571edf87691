import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";
import type { Livehouse } from "@/tests/support/livehouse";
import { LivehouseProcess } from "@/tests/support/livehouse-process";
import { descendantsOf, isAlive } from "@/tests/support/process-tree";
import { until } from "@/tests/support/until";
import { report } from "./steps";
import { story } from "./story";

/** The start script itself with the settings of a running Livehouse, some of them changed. */
function startBeside(livehouse: Livehouse, changed: Record<string, string>) {
  const settings = Object.entries({ ...livehouse.info.environment, ...changed });
  const assignments = settings.map(([name, value]) => `${name}=${value}`);
  return livehouse.run("env", ...assignments, process.execPath, "scripts/bootstrap.mjs", "scripts/start.ts");
}

story("a start that cannot succeed says why in one sentence, exit code 1", async ({ livehouse }) => {
  const dataDir = await mkdtemp(join(tmpdir(), "livehouse-second-"));
  try {
    await story.step("a second one on the same data directory", async () => {
      const { exitCode, stderr } = await startBeside(livehouse, {});
      expect(stderr).toMatch(/^Livehouse runs already on .* \(process \d+\): stop that one, .*\n$/);
      expect(exitCode).toBe(1);
    });
    await story.step("a taken port", async () => {
      const { exitCode, stderr } = await startBeside(livehouse, { DATA_DIR: dataDir });
      expect(stderr).toMatch(new RegExp(`^Port ${livehouse.info.ports.portal} \\(PORT\\) cannot be used, .*\\n$`));
      expect(exitCode).toBe(1);
    });
    await story.step("a wrong setting", async () => {
      const { exitCode, stderr } = await startBeside(livehouse, { RTMP_PORT: "many" });
      expect(stderr).toBe(
        'RTMP_PORT must be a whole number from 1 to 65535, but is "many" (set in the environment).\n',
      );
      expect(exitCode).toBe(1);
    });
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

story("a killed Livehouse leaves nothing running, and starts again with its data", async () => {
  story.setTimeout(180_000);
  const dataDir = await mkdtemp(join(tmpdir(), "livehouse-killed-"));
  try {
    const first = await LivehouseProcess.start({ DATA_DIR: dataDir });
    const { handle } = await first.createUser("still_here");
    const below = await descendantsOf(first.info.processId);
    for (const { pid, command } of below)
      if (/scripts\/(bootstrap|start)\./.test(command)) process.kill(pid, "SIGKILL");

    const start = performance.now();
    const second = await LivehouseProcess.start({ DATA_DIR: dataDir });
    report("start after a kill to ready", performance.now() - start);
    await until("nothing of the first is left", () => below.every(({ pid }) => !isAlive(pid)), { timeoutMs: 20_000 });
    expect(await second.cliJson("user", "list")).toContainEqual(expect.objectContaining({ handle }));
    expect(await second.stop()).toBe(0);
    await first.stop();
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
