import { expect } from "@playwright/test";
import { LivehouseProcess } from "@/tests/support/livehouse-process";
import { until } from "@/tests/support/until";
import { newPerson } from "./steps";
import { story } from "./story";

story("the set-up link makes the first administrator, once", async ({ openBrowser }) => {
  const livehouse = await LivehouseProcess.start();
  try {
    const link = await until("the set-up link", () => /http:\S+\/set-up#\S+/.exec(livehouse.log())?.[0]);
    const address = new URL(link);
    const here = `${livehouse.portalUrl}${address.pathname}${address.hash}`;
    const owner = newPerson("mara");

    await story.step("without the token nobody gets in", async () => {
      const stranger = await openBrowser();
      await stranger.goto(`${livehouse.portalUrl}/set-up`);
      await expect(stranger.getByText("This page needs the set-up link")).toBeVisible();
      await stranger.goto(`${livehouse.portalUrl}/set-up#not-the-token`);
      await stranger.reload();
      await fill(stranger, newPerson("stranger"));
      await expect(stranger.getByText("This set-up link is not valid any more")).toBeVisible();
      const signIn = await livehouse.cliJson<{ handle: string }[]>("user", "list");
      expect(signIn).toEqual([]);
    });

    await story.step("with it the owner is administrator and signed in", async () => {
      const page = await openBrowser();
      await page.goto(here);
      await fill(page, owner);
      await expect(page).toHaveURL(/\/studio$/);
      await page.goto(`${livehouse.portalUrl}/admin`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      expect(await livehouse.cliJson("user", "list")).toEqual([
        expect.objectContaining({ handle: "mara", email: owner.email, role: "admin" }),
      ]);
    });

    await story.step("a second use is refused", async () => {
      const late = await openBrowser();
      await late.goto(here);
      await fill(late, newPerson("late"));
      await expect(late.getByText("This set-up link is not valid any more")).toBeVisible();
      expect(await livehouse.cliJson("user", "list")).toHaveLength(1);
    });
  } finally {
    expect(await livehouse.stop()).toBe(0);
  }
});

async function fill(
  page: import("@playwright/test").Page,
  person: { handle: string; email: string; password: string },
) {
  await page.getByLabel("Handle").fill(person.handle);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Make the administrator" }).click();
}
