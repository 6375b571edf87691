import { expect, type Page } from "@playwright/test";
import { type Clip, type ClipOptions, makeClip } from "@/tests/support/clip";
import { ClipEncoder } from "@/tests/support/clip-encoder";
import type { FlvTag } from "@/tests/support/flv-tags";
import { until } from "@/tests/support/until";
import { pictureOf, untilFramesAdvance } from "@/tests/support/video-frames";
import { report } from "./steps";
import { story as base, newHandle } from "./story";

type Broadcast = { handle: string; streamKey: string };

type PlayerStory = {
  /** A channel with a key. */
  broadcaster: Broadcast;
  /** Publishes a clip on the channel until the test ends. */
  play: (clip: Clip, isSent?: (tag: FlvTag, atMs: number) => boolean) => Promise<ClipEncoder>;
};

const story = base.extend<PlayerStory>({
  broadcaster: async ({ livehouse }, use) => {
    const { handle } = await livehouse.createUser(newHandle("mira"));
    const { streamKey } = await livehouse.issueKey(handle);
    await use({ handle, streamKey });
  },
  play: async ({ livehouse, broadcaster }, use) => {
    const encoders: ClipEncoder[] = [];
    await use(async (clip, isSent) => {
      const encoder = await ClipEncoder.publish(livehouse.info.ports.rtmp, broadcaster.streamKey, clip, isSent);
      encoders.push(encoder);
      return encoder;
    });
    for (const encoder of encoders) encoder.stop();
  },
});

const clips = new Map<string, Promise<Clip>>();

/** Each kind of clip is made once. */
function clipOf(options: Partial<ClipOptions> = {}): Promise<Clip> {
  const name = JSON.stringify(options);
  const made = clips.get(name) ?? makeClip({ seconds: 4, ...options } as ClipOptions);
  clips.set(name, made);
  return made;
}

const timeline = (page: Page) => page.getByRole("slider", { name: "Position in the broadcast" });
const live = (page: Page) => page.getByRole("button", { name: /^Live, \d+\.\d s behind the newest picture$/ });
const backToLive = (page: Page) => page.getByRole("button", { name: /^Go to live/ });
/** The controls step back from a viewer who just watches. */
const wake = (page: Page) => page.getByRole("region", { name: /^Live video of/ }).hover();

/** Seconds behind the newest picture, as the page says. */
async function shownLatency(page: Page): Promise<number> {
  const name = (await live(page).getAttribute("aria-label")) ?? "";
  return Number(/[\d.]+/.exec(name)?.[0] ?? Number.NaN);
}

const currentTime = (page: Page) => page.evaluate(() => document.querySelector("video")?.currentTime ?? 0);

/** Waits until the video element's time has moved on by so many seconds. */
async function untilTimeAdvances(page: Page, seconds = 1, timeoutMs = 15_000): Promise<void> {
  const start = await currentTime(page);
  await until(`${seconds} s played`, async () => (await currentTime(page)) > start + seconds, { timeoutMs });
}

async function untilWindow(page: Page, seconds: number): Promise<void> {
  const reached = async () => Number(await timeline(page).getAttribute("max", { timeout: 30_000 })) >= seconds;
  await until(`${seconds} s to go back to`, reached, { timeoutMs: 60_000 });
}

story("a viewer goes back, pauses, and returns to live", async ({ page, broadcaster, livehouse, publish }) => {
  story.setTimeout(150_000);
  publish(broadcaster.streamKey);
  await livehouse.untilLive(broadcaster.handle);
  await page.goto(`/c/${broadcaster.handle}`);
  await untilFramesAdvance(page);
  await wake(page);
  await expect(live(page)).toBeVisible();
  await until("near live", async () => (await shownLatency(page)) < 2);

  await story.step("20 s back, to what was never loaded by this page", async () => {
    await page.reload();
    await untilFramesAdvance(page);
    await wake(page);
    await untilWindow(page, 26);
    await page.reload();
    await untilFramesAdvance(page);
    await wake(page);
    await timeline(page).focus();
    await page.keyboard.press("ArrowLeft");
    await expect(timeline(page)).toHaveAttribute("aria-valuetext", /^1\d s behind live$/);
    await page.keyboard.press("ArrowLeft");
    await expect(timeline(page)).toHaveAttribute("aria-valuetext", /^2\d s behind live$/);
    await untilFramesAdvance(page);
    await untilTimeAdvances(page, 3);
    await expect(timeline(page)).toHaveAttribute("aria-valuetext", /^2\d s behind live$/);
  });

  await story.step("back to live by the button", async () => {
    const start = performance.now();
    await backToLive(page).click();
    await expect(live(page)).toBeVisible();
    await untilFramesAdvance(page, { count: 2 });
    report("back to live", performance.now() - start);
    await until("near live", async () => (await shownLatency(page)) < 2);
  });

  await story.step("10 s back by the button, and live again by the key End", async () => {
    await page.getByRole("button", { name: "Back 10 seconds" }).click();
    await expect(backToLive(page)).toBeEnabled();
    await untilFramesAdvance(page);
    await timeline(page).press("End");
    await expect(live(page)).toBeVisible();
  });

  await story.step("a pause goes on where it was, behind live", async () => {
    await page.getByRole("button", { name: "Pause" }).click();
    const pausedAt = await currentTime(page);
    await expect(timeline(page)).toHaveAttribute("aria-valuetext", /^([5-9]|1\d) s behind live$/);
    await page.getByRole("button", { name: "Play" }).click();
    await untilTimeAdvances(page, 1);
    expect(Math.abs((await currentTime(page)) - pausedAt)).toBeLessThan(4);
    await expect(backToLive(page)).toBeEnabled();
    await untilFramesAdvance(page);
  });
});

story(
  "normal latency plays a few seconds behind, and is remembered",
  async ({ page, broadcaster, livehouse, publish }) => {
    publish(broadcaster.streamKey);
    await livehouse.untilLive(broadcaster.handle);
    await page.goto(`/c/${broadcaster.handle}`);
    await untilFramesAdvance(page);
    await wake(page);
    const lowLatency = page.getByRole("button", { name: "Low latency" });
    await expect(lowLatency).toHaveAttribute("aria-pressed", "true");
    await expect(timeline(page)).toBeVisible({ timeout: 30_000 });

    const untilBehind = (least: number, most: number) =>
      until(`${least} to ${most} s behind`, async () => {
        const seconds = await shownLatency(page);
        return seconds >= least && seconds <= most;
      });
    await lowLatency.click();
    await expect(lowLatency).toHaveAttribute("aria-pressed", "false");
    await untilBehind(2.5, 4.5);
    await untilFramesAdvance(page);

    await page.reload();
    await untilFramesAdvance(page);
    await wake(page);
    await expect(lowLatency).toHaveAttribute("aria-pressed", "false");
    await untilBehind(2.5, 4.5);

    await lowLatency.click();
    await untilBehind(0, 1.5);
    await untilFramesAdvance(page);
  },
);

story("sound is turned on by one press, and off by the key m", async ({ page, broadcaster, livehouse, publish }) => {
  publish(broadcaster.streamKey);
  await livehouse.untilLive(broadcaster.handle);
  await page.goto(`/c/${broadcaster.handle}`);
  await untilFramesAdvance(page);
  await page.getByRole("button", { name: "Unmute" }).click();
  await expect(page.getByRole("slider", { name: "Volume" })).toBeVisible();
  const isMuted = () => page.evaluate(() => document.querySelector("video")?.muted);
  expect(await isMuted()).toBe(false);
  await page.keyboard.press("m");
  await expect(page.getByRole("button", { name: "Unmute" })).toBeVisible();
  expect(await isMuted()).toBe(true);
});

story("AV1 and Opus by Enhanced RTMP play", async ({ page, broadcaster, livehouse, play }) => {
  await play(await clipOf({ video: "av1", audio: "opus" }));
  await livehouse.untilLive(broadcaster.handle);
  await page.goto(`/c/${broadcaster.handle}`);
  await untilFramesAdvance(page);
  const decoded = () =>
    page.evaluate(() => {
      const video = document.querySelector<HTMLVideoElement & { webkitAudioDecodedByteCount?: number }>("video");
      return video?.webkitAudioDecodedByteCount ?? 0;
    });
  await page.getByRole("button", { name: "Unmute" }).click();
  await until("Opus decoded", async () => (await decoded()) > 1_000);
  await untilFramesAdvance(page);
});

story(
  "what the browser can't decode is said, in the viewer's language",
  async ({ page, broadcaster, livehouse, play }) => {
    await play(await clipOf({ video: "hevc", audio: "opus" }));
    await livehouse.untilLive(broadcaster.handle);
    await page.goto(`/c/${broadcaster.handle}`);
    await expect(page.getByText("Your browser can’t play this broadcast")).toBeVisible();
    await page.context().addCookies([{ name: "language", value: "ko", url: livehouse.portalUrl }]);
    await page.reload();
    await expect(page.getByText("이 브라우저에서는 재생할 수 없어요")).toBeVisible();
  },
);

story("a broadcast of sound alone plays, and says so", async ({ page, broadcaster, livehouse, play }) => {
  await play(await clipOf({ video: null }));
  await livehouse.untilLive(broadcaster.handle);
  await page.goto(`/c/${broadcaster.handle}`);
  await expect(page.getByText("Sound only")).toBeVisible();
  await page.getByRole("button", { name: "Unmute" }).click();
  await untilTimeAdvances(page, 3);
});

story("a broadcast of pictures alone plays", async ({ page, broadcaster, livehouse, play }) => {
  await play(await clipOf({ audio: null }));
  await livehouse.untilLive(broadcaster.handle);
  await page.goto(`/c/${broadcaster.handle}`);
  await untilFramesAdvance(page);
  await untilTimeAdvances(page, 3);
});

story("sound that comes seconds after the picture is heard", async ({ page, broadcaster, livehouse, play }) => {
  let hasSound = false;
  await play(await clipOf(), ({ type }) => type !== 8 || hasSound);
  await livehouse.untilLive(broadcaster.handle);
  await page.goto(`/c/${broadcaster.handle}`);
  await untilFramesAdvance(page);
  await page.getByRole("button", { name: "Unmute" }).click();
  const heardBytes = () =>
    page.evaluate(() => {
      const video = document.querySelector<HTMLVideoElement & { webkitAudioDecodedByteCount?: number }>("video");
      return video?.webkitAudioDecodedByteCount ?? 0;
    });
  expect(await heardBytes()).toBe(0);
  hasSound = true;
  const start = performance.now();
  await until("sound decoded", async () => (await heardBytes()) > 1_000, { timeoutMs: 20_000 });
  report("first sound message to sound in the page", performance.now() - start);
  await untilFramesAdvance(page);
  await untilTimeAdvances(page, 2);
});

story("a new picture size in mid-stream plays on", async ({ page, broadcaster, livehouse, play }) => {
  const encoder = await play(await clipOf());
  await livehouse.untilLive(broadcaster.handle);
  await page.goto(`/c/${broadcaster.handle}`);
  await untilFramesAdvance(page);
  encoder.switchTo(await clipOf({ size: "640x360" }));
  const width = () => page.evaluate(() => document.querySelector("video")?.videoWidth);
  await until("the larger picture", async () => (await width()) === 640, { timeoutMs: 20_000 });
  await untilFramesAdvance(page);
  await untilTimeAdvances(page, 2);
});

story("an encoder that returns with another picture size plays on", async ({ page, broadcaster, livehouse, play }) => {
  const first = await play(await clipOf());
  const larger = await clipOf({ size: "640x360" });
  await livehouse.untilLive(broadcaster.handle);
  await page.goto(`/c/${broadcaster.handle}`);
  await untilFramesAdvance(page);
  first.crash();
  const start = performance.now();
  await play(larger);
  const width = () => page.evaluate(() => document.querySelector("video")?.videoWidth);
  await until("the larger picture", async () => (await width()) === 640, { timeoutMs: 20_000 });
  await untilFramesAdvance(page);
  report("returning encoder of another size to moving pictures", performance.now() - start);
  await untilTimeAdvances(page, 2);
});

story("an encoder that returns with another codec plays on", async ({ page, broadcaster, livehouse, play }) => {
  const first = await play(await clipOf());
  const other = await clipOf({ video: "av1", audio: "opus", size: "640x360" });
  await livehouse.untilLive(broadcaster.handle);
  await page.goto(`/c/${broadcaster.handle}`);
  await untilFramesAdvance(page);
  first.crash();
  await play(other);
  const width = () => page.evaluate(() => document.querySelector("video")?.videoWidth);
  await until("the other picture", async () => (await width()) === 640, { timeoutMs: 20_000 });
  await untilFramesAdvance(page);
  await untilTimeAdvances(page, 2);
});

story(
  "an undecodable broadcast plays once its encoder sends another",
  async ({ page, broadcaster, livehouse, play }) => {
    const first = await play(await clipOf({ video: "hevc", audio: "opus" }));
    await livehouse.untilLive(broadcaster.handle);
    await page.goto(`/c/${broadcaster.handle}`);
    await expect(page.getByText("Your browser can’t play this broadcast")).toBeVisible();
    first.crash();
    await expect(page.getByText("Reconnecting", { exact: true }).first()).toBeVisible();
    await play(await clipOf());
    await untilFramesAdvance(page);
  },
);

story("without any Media Source the browser's own player plays", async ({ page, broadcaster, livehouse, publish }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, "MediaSource");
    Reflect.deleteProperty(window, "ManagedMediaSource");
  });
  publish(broadcaster.streamKey);
  await livehouse.untilLive(broadcaster.handle);
  await page.goto(`/c/${broadcaster.handle}`);
  await untilFramesAdvance(page, { timeoutMs: 40_000 });
  expect(await pictureOf(page)).not.toBeNull();
  await wake(page);
  await expect(page.getByRole("button", { name: "Live", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Low latency" })).toHaveCount(0);
});
