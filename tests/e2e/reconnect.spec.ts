import { expect } from "@playwright/test";
import { until } from "@/tests/support/until";
import { untilFramesAdvance } from "@/tests/support/video-frames";
import { report } from "./steps";
import { newHandle, story } from "./story";

type LiveRow = { liveSessionId: string; handle: string };

story("an encoder that crashes and returns goes on in the same broadcast", async ({ livehouse, page, publish }) => {
  const { handle } = await livehouse.createUser(newHandle("june"));
  const { streamKey } = await livehouse.issueKey(handle);
  const sessionId = async () =>
    (await livehouse.cliJson<LiveRow[]>("live", "list")).find((row) => row.handle === handle)?.liveSessionId;

  const first = publish(streamKey);
  await livehouse.untilLive(handle);
  await page.goto(`/c/${handle}`);
  await untilFramesAdvance(page);
  const before = await sessionId();
  expect(before).toBeTruthy();

  await story.step("the viewer is told that the encoder dropped", async () => {
    await first.crash();
    await expect(page.getByText("Reconnecting", { exact: true }).first()).toBeVisible({ timeout: 20_000 });
  });

  await story.step("the picture goes on in the page that stayed open", async () => {
    const start = performance.now();
    publish(streamKey);
    await expect(page.getByText("Reconnecting", { exact: true })).toHaveCount(0, { timeout: 20_000 });
    await untilFramesAdvance(page);
    report("returning encoder to moving pictures", performance.now() - start);
  });

  expect(await sessionId()).toBe(before);
});

story(
  "a second encoder with the same key takes over and viewers keep playing",
  async ({ livehouse, page, publish }) => {
    const { handle } = await livehouse.createUser(newHandle("june"));
    const { streamKey } = await livehouse.issueKey(handle);
    const sessionId = async () =>
      (await livehouse.cliJson<LiveRow[]>("live", "list")).find((row) => row.handle === handle)?.liveSessionId;

    const first = publish(streamKey);
    await livehouse.untilLive(handle);
    await page.goto(`/c/${handle}`);
    await untilFramesAdvance(page);
    const before = await sessionId();

    const second = publish(streamKey, { picture: "mandelbrot" });
    await first.endedWithin(15_000);
    expect(second.isRunning).toBe(true);
    await untilFramesAdvance(page, { timeoutMs: 30_000 });
    await expect(page.getByText("The broadcast has ended")).toHaveCount(0);
    expect(await sessionId()).toBe(before);
    expect(second.isRunning).toBe(true);
  },
);

story("an encoder that stays away ends the broadcast after 30 s", async ({ livehouse, page, publish }) => {
  const { handle } = await livehouse.createUser(newHandle("june"));
  const { streamKey } = await livehouse.issueKey(handle);
  const encoder = publish(streamKey);
  await livehouse.untilLive(handle);
  await page.goto(`/c/${handle}`);
  await untilFramesAdvance(page);

  await encoder.crash();
  const start = performance.now();
  await expect(page.getByText("The broadcast has ended")).toBeVisible({ timeout: 60_000 });
  report("crash to the end", performance.now() - start);
  expect(performance.now() - start).toBeGreaterThan(20_000);
  await until("playlist gone", async () => {
    const answer = await fetch(`${livehouse.hlsUrl}/live/${handle}/index.m3u8`);
    return answer.status === 404;
  });
});
