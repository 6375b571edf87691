import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { AcknowledgedRows, query } from "@/tests/support/acknowledged-rows";
import type { Livehouse } from "@/tests/support/livehouse";
import { LivehouseProcess } from "@/tests/support/livehouse-process";
import { descendantsOf, isAlive } from "@/tests/support/process-tree";
import { noteFault } from "@/tests/support/security-figures";
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

story(
  "everything is killed at once: the next start recovers, and nothing stale stays live",
  async ({ openBrowser }) => {
    story.setTimeout(180_000);
    const dataDir = await mkdtemp(join(tmpdir(), "livehouse-killed-"));
    try {
      const first = await LivehouseProcess.start({ DATA_DIR: dataDir });
      const { handle } = await first.createUser("gone_dark");
      const { streamKey } = await first.issueKey(handle);
      const encoder = first.publish(streamKey);
      await first.untilLive(handle);
      await until("listed", async () => (await listed(first)).includes(handle));
      const rows = await AcknowledgedRows.watch(first);
      await until("rows are written", () => rows.acknowledged > 20);
      const all = [first.info.processId, ...(await descendantsOf(first.info.processId)).map(({ pid }) => pid)];
      for (const pid of all) process.kill(pid, "SIGKILL");
      await until("everything is dead", () => all.every((pid) => !isAlive(pid)));
      await encoder.endedWithin(20_000);

      const start = performance.now();
      const second = await LivehouseProcess.start({ DATA_DIR: dataDir });
      report("start after everything was killed to ready", performance.now() - start);
      const page = await openBrowser();
      await until("no longer listed", async () => (await listed(second)).length === 0);
      report("start to no stale channel", performance.now() - start);
      await page.goto(`${second.portalUrl}/`);
      await expect(page.getByText(handle)).toHaveCount(0);
      expect(await readdir(join(dataDir, "windows")).catch(() => [])).toEqual([]);
      expect((await fetch(`${second.hlsUrl}/live/${handle}/index.m3u8`)).status).toBe(404);

      await story.step("the session ends when its encoder stays away, with the reason", async () => {
        // As if 31 s had passed; that a real one takes 30 s is told elsewhere.
        await query(second, "UPDATE live_sessions SET reconnecting_at = reconnecting_at - interval '31 s'");
        const ended = () =>
          query(second, "SELECT end_reason FROM live_sessions WHERE state = 'ENDED' AND open_channel_id IS NULL");
        const found = await until("ended", async () => ((await ended()).length > 0 ? ended() : null), {
          timeoutMs: 30_000,
        });
        expect(found).toEqual([{ end_reason: "media-restarted" }]);
        expect(await second.cliJson("live", "list")).toEqual([]);
        await page.goto(`${second.portalUrl}/c/${handle}`);
        await expect(page.getByText("Reconnecting")).toHaveCount(0);
      });
      const lost = await rows.lost();
      expect(lost).toBe(0);
      noteFault("everything killed with -9 at once", lost);
      const below = await descendantsOf(second.info.processId);
      expect(await second.stop()).toBe(0);
      expect(below.filter(({ pid }) => isAlive(pid))).toEqual([]);
      await first.stop();
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  },
);

async function listed({ portalUrl }: Livehouse): Promise<string[]> {
  const live = (await (await fetch(`${portalUrl}/api/live`)).json()) as { handle: string }[];
  return live.map(({ handle }) => handle);
}
