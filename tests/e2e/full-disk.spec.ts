import { expect } from "@playwright/test";
import { AcknowledgedRows, query } from "@/tests/support/acknowledged-rows";
import { LivehouseProcess } from "@/tests/support/livehouse-process";
import { PartWatch } from "@/tests/support/part-watch";
import { isAlive } from "@/tests/support/process-tree";
import { noteFault } from "@/tests/support/security-figures";
import { SmallDisk } from "@/tests/support/small-disk";
import { until } from "@/tests/support/until";
import { untilFramesAdvance } from "@/tests/support/video-frames";
import { story } from "./story";

story(
  "the data directory's disk is full, database and window both: the broadcast goes on, nothing acknowledged is lost, and room is all it needs",
  async ({ openBrowser }) => {
    story.setTimeout(240_000);
    const disk = await SmallDisk.mount(160);
    story.skip(!disk, "no small disk can be mounted here: that needs Linux and root");
    if (!disk) return;
    const livehouse = await LivehouseProcess.start({ DATA_DIR: disk.path });
    const { handle } = await livehouse.createUser("full_house");
    const { streamKey } = await livehouse.issueKey(handle);
    const encoder = livehouse.publish(streamKey);
    try {
      await livehouse.untilLive(handle);
      const page = await openBrowser();
      await page.goto(`${livehouse.portalUrl}/c/${handle}`);
      await untilFramesAdvance(page);
      const [session] = await query<{ id: string }>(livehouse, "SELECT id::text FROM live_sessions");
      const rows = await AcknowledgedRows.watch(livehouse, undefined, 4_000);
      const parts = await PartWatch.open(livehouse.hlsUrl, handle);

      await disk.fill();
      await until("the database refuses to write", () => rows.failures.length > 0, { timeoutMs: 60_000 });
      await until("the window says so", () => livehouse.log().includes("the rewind window cannot be written"));
      await parts.more(30);
      await untilFramesAdvance(page);
      expect(encoder.isRunning).toBe(true);
      expect(isAlive(livehouse.info.processId)).toBe(true);

      await disk.free();
      await until(
        "the same session is live and leased",
        async () => {
          const [now] = await query<{ id: string; state: string; left: number }>(
            livehouse,
            `SELECT id::text, state::text, extract(epoch FROM lease_expires_at - clock_timestamp())::float8 AS left
             FROM live_sessions WHERE open_channel_id IS NOT NULL`,
          );
          return now?.id === session?.id && now?.state === "LIVE" && now.left > 50;
        },
        { timeoutMs: 40_000 },
      );
      await until("pages are back", async () => (await fetch(`${livehouse.portalUrl}/`)).ok, { timeoutMs: 30_000 });
      await untilFramesAdvance(page);
      await parts.stop();
      expect(parts.longestPauseMs).toBeLessThan(10_000);
      const lost = await rows.lost();
      expect(lost).toBe(0);
      noteFault("disk full", lost);
    } finally {
      await encoder.crash();
      await livehouse.stop();
      await disk.unmount();
    }
  },
);
