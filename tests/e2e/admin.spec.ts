import { expect, type Page } from "@playwright/test";
import { rejectDescriptions } from "@/lib/media-contract/reasons";
import { administrator } from "@/tests/support/shared-livehouse";
import { report, signIn } from "./steps";
import { newHandle, story } from "./story";

/** Presses a button that asks first, and confirms. */
async function pressAndConfirm(page: Page, button: string): Promise<void> {
  await page.getByRole("button", { name: button, exact: true }).click();
  const [verb = ""] = button.split(" ");
  await page.getByRole("dialog").getByRole("button", { name: verb, exact: true }).click();
}

story(
  "an administrator sees who is live, ends a broadcast, and the audit tells of it",
  async ({ page, publish, livehouse }) => {
    const { handle } = await livehouse.createUser(newHandle("ivo"));
    const { streamKey } = await livehouse.issueKey(handle);
    await signIn(page, administrator);
    await page.goto("/admin");
    const row = page.getByRole("row").filter({ hasText: handle });
    await expect(row).toHaveCount(0);

    const encoder = publish(streamKey);
    await expect(row).toContainText("Live", { timeout: 20_000 });
    await expect(row).toContainText("640");
    await expect(row).toContainText("127.0.0.1");

    const start = performance.now();
    await pressAndConfirm(page, `End ${handle}`);
    const { atMs } = await encoder.endedWithin(10_000);
    report("end pressed to encoder off", atMs - start);
    await expect(row).toHaveCount(0, { timeout: 20_000 });

    await page.goto("/admin/audit");
    const entry = page.getByRole("row").filter({ hasText: "live-session.end" }).first();
    await expect(entry).toContainText("admin");
  },
);

story(
  "an administrator bans a user: off the air, signed out, keys refused; and lifts it",
  async ({ page, openBrowser, publish, livehouse }) => {
    const person = await livehouse.createUser(newHandle("ivo"));
    const { streamKey } = await livehouse.issueKey(person.handle);
    const theirs = await openBrowser();
    await signIn(theirs, person);
    const encoder = publish(streamKey);
    await livehouse.untilLive(person.handle);

    await signIn(page, administrator);
    await page.goto(`/admin/users?query=${person.handle}`);
    await page.getByRole("button", { name: `Ban ${person.handle}`, exact: true }).click();
    await page.getByRole("dialog").getByLabel("Reason").fill("plays too loud");
    const start = performance.now();
    await page.getByRole("dialog").getByRole("button", { name: "Ban", exact: true }).click();
    const { atMs } = await encoder.endedWithin(10_000);
    report("ban pressed to encoder off", atMs - start);
    await expect(page.getByRole("row").filter({ hasText: person.handle })).toContainText("plays too loud");

    await theirs.goto("/studio");
    await expect(theirs).toHaveURL(/\/sign-in/);
    const refused = publish(streamKey);
    await refused.endedWithin(15_000);
    expect(refused.log).toContain(rejectDescriptions["banned-owner"]);

    await pressAndConfirm(page, `Unban ${person.handle}`);
    await expect(page.getByRole("button", { name: `Ban ${person.handle}`, exact: true })).toBeVisible();
    await theirs.goto("/studio");
    await expect(theirs).toHaveURL(/\/sign-in/);
    await page.goto("/admin/audit");
    await expect(page.getByRole("row").filter({ hasText: "user.unban" }).first()).toBeVisible();
    await expect(
      page.getByRole("row").filter({ hasText: "user.ban" }).filter({ hasText: "plays too loud" }).first(),
    ).toBeVisible();
  },
);

story("an administrator revokes a key and never sees it", async ({ page, publish, livehouse }) => {
  const { handle } = await livehouse.createUser(newHandle("ivo"));
  const { streamKey } = await livehouse.issueKey(handle);
  const encoder = publish(streamKey);
  await livehouse.untilLive(handle);
  await signIn(page, administrator);
  await page.goto(`/admin/keys?handle=${handle}`);
  await expect(page.getByRole("row").filter({ hasText: "On air" })).toHaveCount(1);
  expect(await page.content()).not.toContain(streamKey);
  await pressAndConfirm(page, "Revoke command line");
  await encoder.endedWithin(10_000);
  await expect(page.getByRole("row").filter({ hasText: "Revoked" })).toHaveCount(1);
});

story("an administrator closes sign-up, and opens it by invitation", async ({ page, openBrowser }) => {
  const choose = async (policy: string) => {
    await page.goto("/admin/sign-up");
    await page.getByRole("radio", { name: policy }).check();
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Saved")).toBeVisible();
  };
  await signIn(page, administrator);
  const stranger = await openBrowser();
  try {
    await choose("Nobody");
    await stranger.goto("/sign-up");
    await expect(stranger.getByText("Sign-up is closed").first()).toBeVisible();

    await choose("By invitation");
    await page.getByRole("button", { name: "New invitation" }).click();
    const code = await page.getByRole("textbox", { name: "Invitation code" }).inputValue();
    const handle = newHandle("ivo");
    await stranger.goto("/sign-up");
    const fill = async (invitation: string) => {
      await stranger.getByLabel("Handle").fill(handle);
      await stranger.getByLabel("E-mail").fill(`${handle}@example.org`);
      await stranger.getByLabel("Password").fill("a lamp behind the piano");
      await stranger.getByLabel("Invitation code").fill(invitation);
      await stranger.getByRole("button", { name: "Sign up" }).click();
    };
    await fill("not-a-code");
    await expect(stranger.getByText("This code is not valid, or was used already.")).toBeVisible();
    await fill(code);
    await expect(stranger).toHaveURL(/\/studio$/);
  } finally {
    await choose("Anyone");
  }
});

story("an ordinary user and a visitor find no administration", async ({ page, livehouse }) => {
  await page.goto("/admin/users");
  await expect(page).toHaveURL(/\/sign-in/);
  const person = await livehouse.createUser(newHandle("ivo"));
  await signIn(page, person);
  for (const path of ["/admin", "/admin/users", "/admin/keys", "/admin/audit", "/admin/sign-up"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "Nothing plays here" })).toBeVisible();
    await expect(page.getByRole("table")).toHaveCount(0);
  }
  await page.goto("/");
  await expect(page.getByRole("link", { name: "Admin", exact: true })).toHaveCount(0);
});
