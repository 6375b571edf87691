import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { startEmbeddedPostgres } from "@/scripts/postgres";
import { AcknowledgedRows, query } from "@/tests/support/acknowledged-rows";
import type { Livehouse } from "@/tests/support/livehouse";
import { LivehouseProcess } from "@/tests/support/livehouse-process";
import { PartWatch } from "@/tests/support/part-watch";
import { isAlive } from "@/tests/support/process-tree";
import { RetryingEncoder } from "@/tests/support/retrying-encoder";
import { RtmpEncoder } from "@/tests/support/rtmp-encoder";
import { noteFault } from "@/tests/support/security-figures";
import { until } from "@/tests/support/until";
import { untilFramesAdvance } from "@/tests/support/video-frames";
import { report } from "./steps";
import { newHandle, story } from "./story";

/** A session's row as the database has it. */
async function sessionOf(livehouse: Livehouse, handle: string) {
  const [row] = await query<{ id: string; state: string; leftSeconds: number }>(
    livehouse,
    `SELECT s.id::text, s.state::text, extract(epoch FROM s.lease_expires_at - clock_timestamp())::float8 AS "leftSeconds"
       FROM live_sessions s JOIN channels c ON c.id = s.open_channel_id JOIN users u ON u.id = c.owner_id
      WHERE u.handle = $1`,
    [handle],
  );
  return row;
}

async function isListed(livehouse: Livehouse, handle: string): Promise<boolean> {
  const live = (await (await fetch(`${livehouse.portalUrl}/api/live`)).json()) as { handle: string }[];
  return live.some((channel) => channel.handle === handle);
}

story(
  "media is killed in mid-stream: back at once, the encoder returns by itself, the same broadcast goes on in the open page",
  async ({ livehouse, page }) => {
    const { handle } = await livehouse.createUser(newHandle("sol"));
    const { streamKey } = await livehouse.issueKey(handle);
    const encoder = new RetryingEncoder(() => livehouse.publish(streamKey));
    try {
      await livehouse.untilLive(handle);
      await page.goto(`/c/${handle}`);
      await untilFramesAdvance(page);
      const session = await sessionOf(livehouse, handle);
      const rows = await AcknowledgedRows.watch(livehouse);

      const before = await livehouse.processIdOf("media");
      const start = performance.now();
      process.kill(before, "SIGKILL");
      const healthz = () => fetch(`${livehouse.controlUrl}/healthz`);
      await until("another media answers", async () => (await healthz()).ok && !isAlive(before), {
        timeoutMs: 20_000,
        everyMs: 20,
      });
      report("media killed to media answers", performance.now() - start);

      await story.step("the channel is not listed as live while there is nothing to play", async () => {
        await until("not listed", async () => !(await isListed(livehouse, handle)), { timeoutMs: 20_000, everyMs: 20 });
        report("media killed to no longer listed", performance.now() - start);
        expect((await page.request.get("/")).status()).toBe(200);
      });
      await story.step("its encoder comes back, and the page that stayed open plays on", async () => {
        await livehouse.untilLive(handle);
        await untilFramesAdvance(page, { timeoutMs: 30_000 });
        report("media killed to moving pictures", performance.now() - start);
        await until("listed again", () => isListed(livehouse, handle));
        expect(await sessionOf(livehouse, handle)).toMatchObject({ id: session?.id, state: "LIVE" });
        expect(encoder.starts).toBeGreaterThan(1);
      });
      const lost = await rows.lost();
      expect(lost).toBe(0);
      noteFault("media killed with -9 in mid-stream", lost);
    } finally {
      await encoder.crash();
    }
  },
);

story(
  "the portal is killed: live viewers go on, nobody new gets in meanwhile, and the lease goes on when it is back",
  async ({ livehouse, page, publish }) => {
    const { handle } = await livehouse.createUser(newHandle("sol"));
    const { streamKey } = await livehouse.issueKey(handle);
    const { streamKey: otherKey } = await livehouse.issueKey((await livehouse.createUser(newHandle("ray"))).handle);
    const encoder = publish(streamKey);
    await livehouse.untilLive(handle);
    await page.goto(`/c/${handle}`);
    await untilFramesAdvance(page);
    const session = await sessionOf(livehouse, handle);
    const parts = await PartWatch.open(livehouse.hlsUrl, handle);
    const rows = await AcknowledgedRows.watch(livehouse);

    process.kill(await livehouse.processIdOf("portal"), "SIGKILL");
    const start = performance.now();
    const refused = await RtmpEncoder.publish({ port: livehouse.info.ports.rtmp }, otherKey);
    refused.encoder.drop();
    expect(refused.outcome).toMatchObject({ kind: "refused", description: expect.stringContaining("right now") });
    await untilFramesAdvance(page);
    await until("portal answers", async () => (await fetch(`${livehouse.portalUrl}/api/health`)).ok, {
      timeoutMs: 30_000,
    });
    report("portal killed to portal answers", performance.now() - start);
    await until("the lease is renewed", async () => {
      const now = await sessionOf(livehouse, handle);
      return now?.id === session?.id && (now?.leftSeconds ?? 0) > 55;
    });
    await untilFramesAdvance(page);
    expect(encoder.isRunning).toBe(true);
    expect(await isListed(livehouse, handle)).toBe(true);
    await parts.stop();
    expect(parts.longestPauseMs).toBeLessThan(10_000);
    const lost = await rows.lost();
    expect(lost).toBe(0);
    noteFault("portal killed with -9", lost);
  },
);

story(
  "the database is stopped: pages say so with 503, viewers notice nothing, nothing is lost, everything recovers by itself",
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
        const session = await sessionOf(livehouse, handle);
        const rows = await AcknowledgedRows.watch(livehouse);
        const parts = await PartWatch.open(livehouse.hlsUrl, handle);

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
        // Longer than any time-out of a connection or a query.
        await parts.more(60);
        await untilFramesAdvance(page);

        const start = performance.now();
        postgres = await startEmbeddedPostgres(directory);
        await until("pages are back", async () => (await fetch(`${livehouse.portalUrl}/`)).ok, { timeoutMs: 30_000 });
        report("database start to pages", performance.now() - start);
        await untilFramesAdvance(page);
        expect(encoder.isRunning).toBe(true);
        await until("the same session is leased again", async () => {
          const now = await sessionOf(livehouse, handle);
          return now?.id === session?.id && now?.state === "LIVE" && now.leftSeconds > 55;
        });
        expect(await isListed(livehouse, handle)).toBe(true);
        await parts.stop();
        expect(parts.longestPauseMs).toBeLessThan(10_000);
        const lost = await rows.lost();
        expect(lost).toBe(0);
        noteFault("Postgres stopped and started again", lost);
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
