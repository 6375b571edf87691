import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { startEmbeddedPostgres } from "@/scripts/postgres";
import { LivehouseProcess } from "@/tests/support/livehouse-process";
import { isAlive } from "@/tests/support/process-tree";
import { until } from "@/tests/support/until";
import { untilFramesAdvance } from "@/tests/support/video-frames";
import { report } from "./steps";
import { newHandle, story } from "./story";

story(
  "media is killed: back at once, and the encoder that returns is live again",
  async ({ livehouse, page, publish }) => {
    const { handle } = await livehouse.createUser(newHandle("sol"));
    const { streamKey } = await livehouse.issueKey(handle);
    const encoder = publish(streamKey);
    await livehouse.untilLive(handle);
    await page.goto(`/c/${handle}`);
    await untilFramesAdvance(page);

    const before = await livehouse.processIdOf("media");
    const start = performance.now();
    process.kill(before, "SIGKILL");
    await until(
      "another media answers",
      async () => {
        const answer = await fetch(`${livehouse.controlUrl}/healthz`);
        return answer.ok && !isAlive(before);
      },
      { timeoutMs: 20_000, everyMs: 20 },
    );
    report("media killed to media answers", performance.now() - start);
    expect(await livehouse.processIdOf("media")).not.toBe(before);

    await encoder.endedWithin(15_000);
    expect((await page.request.get("/")).status()).toBe(200);
    publish(streamKey);
    await livehouse.untilLive(handle);
    await untilFramesAdvance(page, { timeoutMs: 30_000 });
  },
);

story("the portal is killed: live viewers go on, and it comes back", async ({ livehouse, page, publish }) => {
  const { handle } = await livehouse.createUser(newHandle("sol"));
  const { streamKey } = await livehouse.issueKey(handle);
  const encoder = publish(streamKey);
  await livehouse.untilLive(handle);
  await page.goto(`/c/${handle}`);
  await untilFramesAdvance(page);

  process.kill(await livehouse.processIdOf("portal"), "SIGKILL");
  const start = performance.now();
  await untilFramesAdvance(page);
  await until("portal answers", async () => (await fetch(`${livehouse.portalUrl}/api/health`)).ok, {
    timeoutMs: 30_000,
  });
  report("portal killed to portal answers", performance.now() - start);
  await untilFramesAdvance(page);
  expect(encoder.isRunning).toBe(true);
  const answer = await fetch(`${livehouse.portalUrl}/api/live`);
  expect(await answer.json()).toContainEqual(expect.objectContaining({ handle }));
});

story(
  "the database is stopped: pages say so with 503, viewers go on, and everything recovers by itself",
  async ({ openBrowser }) => {
    story.setTimeout(150_000);
    const directory = await mkdtemp(join(tmpdir(), "livehouse-database-"));
    let postgres = await startEmbeddedPostgres(directory);
    const livehouse = await LivehouseProcess.start({ DATABASE_URL: postgres.url });
    try {
      const { handle } = await livehouse.createUser(newHandle("sol"));
      const { streamKey } = await livehouse.issueKey(handle);
      const encoder = livehouse.publish(streamKey);
      const page = await openBrowser();
      try {
        await livehouse.untilLive(handle);
        await page.goto(`${livehouse.portalUrl}/c/${handle}`);
        await untilFramesAdvance(page);

        await postgres.stop();
        const health = await fetch(`${livehouse.portalUrl}/api/health`);
        expect(health.status).toBe(503);
        const visitor = await openBrowser();
        for (const path of ["/", `/c/${handle}`, "/studio"]) {
          const answer = await visitor.goto(`${livehouse.portalUrl}${path}`);
          expect(answer?.status(), path).toBe(503);
          await expect(visitor.getByRole("heading", { name: "Back in a moment" })).toBeVisible();
        }
        const refused = livehouse.publish(streamKey);
        await refused.endedWithin(20_000);
        expect(refused.log).toContain("cannot check stream keys right now");
        await untilFramesAdvance(page);

        const start = performance.now();
        postgres = await startEmbeddedPostgres(directory);
        await until("pages are back", async () => (await fetch(`${livehouse.portalUrl}/`)).ok, { timeoutMs: 30_000 });
        report("database start to pages", performance.now() - start);
        await untilFramesAdvance(page);
        expect(encoder.isRunning).toBe(true);
        await until("still live", async () => {
          const live = await (await fetch(`${livehouse.portalUrl}/api/live`)).json();
          return live.some((channel: { handle: string }) => channel.handle === handle);
        });
      } finally {
        await encoder.crash();
      }
    } finally {
      await livehouse.stop();
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    }
  },
);
