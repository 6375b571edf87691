import { expect } from "@playwright/test";
import { rejectDescriptions } from "@/lib/media-contract/reasons";
import { untilFramesAdvance } from "@/tests/support/video-frames";
import { newPerson, report, signUp } from "./steps";
import { newHandle, story } from "./story";

story(
  "from signing up to a broadcast that a viewer watches, and off the air again",
  async ({ page, openBrowser, publish, livehouse }) => {
    story.setTimeout(150_000);
    const person = newPerson(newHandle("ada"));
    const viewer = await openBrowser();
    await viewer.goto("/");

    await story.step("the streamer signs up and has a studio", async () => {
      await signUp(page, person);
      await expect(page.getByRole("status").filter({ hasText: "Waiting for your encoder" })).toBeVisible();
      await page.getByRole("textbox", { name: "Title" }).fill("Lamp repair, slowly");
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByText("Saved")).toBeVisible();
    });

    const { server, streamKey } = await story.step("makes a key and copies both into the encoder", async () => {
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await page.getByLabel("Label").fill("ffmpeg");
      await page.getByRole("button", { name: "New key" }).click();
      await expect(page.getByRole("listitem", { name: "ffmpeg" })).toBeVisible();
      const copied = async (what: string) => {
        await page
          .getByRole("button", { name: `Copy ${what}`, exact: true })
          .first()
          .click();
        await expect(page.getByRole("button", { name: `Copy ${what}`, exact: true }).first()).toHaveText("Copied");
        return page.evaluate(() => navigator.clipboard.readText());
      };
      const key = await copied("Stream key");
      expect(key).toMatch(/^live_[a-z0-9]{20,}$/);
      await expect(page.getByText(key)).toHaveCount(0);
      return { server: await copied("Server"), streamKey: key };
    });
    expect(server).toBe(livehouse.rtmpUrl);

    const card = viewer.getByRole("link", { name: new RegExp(person.handle) });
    const encoder = await story.step(
      "presses start, and appears on the front page of somebody else by itself",
      async () => {
        await expect(card).toHaveCount(0);
        const start = performance.now();
        const started = publish(streamKey, { rtmpUrl: server });
        await expect(card).toBeVisible({ timeout: 20_000 });
        report("encoder start to the front page", performance.now() - start);
        await expect(card).toContainText("Lamp repair, slowly");
        await expect(page.getByText("You are live")).toBeVisible();
        return started;
      },
    );

    await story.step("the viewer opens the channel and sees pictures move", async () => {
      await card.click();
      await expect(viewer).toHaveURL(new RegExp(`/c/${person.handle}$`));
      await untilFramesAdvance(viewer);
      const isMuted = () => viewer.evaluate(() => document.querySelector("video")?.muted);
      expect(await isMuted()).toBe(true);
      await viewer.getByRole("button", { name: "Unmute" }).first().click();
      expect(await isMuted()).toBe(false);
      await untilFramesAdvance(viewer);
    });

    await story.step("the key is revoked: off the air, and the page says so", async () => {
      const row = page.getByRole("listitem", { name: "ffmpeg" });
      await row.getByRole("button", { name: "Revoke ffmpeg" }).click();
      const confirm = page.getByRole("dialog").getByRole("button", { name: "Revoke" });
      const start = performance.now();
      const ended = viewer
        .getByText("The broadcast has ended")
        .waitFor({ timeout: 30_000 })
        .then(() => performance.now());
      await confirm.click();
      const { atMs } = await encoder.endedWithin(10_000);
      report("revoke pressed to encoder off", atMs - start);
      report("revoke pressed to the viewer's page", (await ended) - start);
      await expect(viewer.getByText("The stream key was revoked.").first()).toBeVisible();
      await expect(page.getByText("Waiting for your encoder")).toBeVisible();
    });

    await story.step("the old key is refused, and the encoder shows why", async () => {
      const again = publish(streamKey, { rtmpUrl: server });
      expect((await again.endedWithin(15_000)).exitCode).not.toBe(0);
      expect(again.log).toContain(rejectDescriptions["revoked-key"]);
      await viewer.goto("/");
      await expect(viewer.getByRole("link", { name: new RegExp(person.handle) })).toHaveCount(0);
      const answer = await fetch(`${livehouse.hlsUrl}/live/${person.handle}/index.m3u8`);
      expect(answer.status).toBe(404);
    });
  },
);

story("a page that is open before the broadcast plays it by itself", async ({ page, publish, livehouse }) => {
  const { handle } = await livehouse.createUser(newHandle("ada"));
  const { streamKey } = await livehouse.issueKey(handle);
  await page.goto(`/c/${handle}`);
  await expect(page.getByText(`${handle} is offline`)).toBeVisible();

  const start = performance.now();
  const encoder = publish(streamKey, { gopSeconds: 2 });
  await untilFramesAdvance(page, { count: 2, timeoutMs: 40_000 });
  report("encoder start to moving pictures in an open page, 2 s key-frame interval", performance.now() - start);

  await encoder.stop();
  await expect(page.getByText("The broadcast has ended")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("The streamer stopped.").first()).toBeVisible();
});

story("a key nobody issued is refused before anything appears", async ({ page, publish }) => {
  const encoder = publish("live_00000000000000000000000000");
  expect((await encoder.endedWithin(15_000)).exitCode).not.toBe(0);
  expect(encoder.log).toContain(rejectDescriptions["unknown-key"]);
  const answer = await page.request.get("/api/live");
  expect(answer.ok()).toBe(true);
  expect(JSON.stringify(await answer.json())).not.toContain("live_0000");
});
