import { expect, type Page } from "@playwright/test";
import { Client } from "pg";
import { databaseUrlOf } from "@/scripts/database-url";
import type { Livehouse } from "@/tests/support/livehouse";
import { noteAttack } from "@/tests/support/security-figures";
import { administrator } from "@/tests/support/shared-livehouse";
import { ask } from "@/tests/support/web-client";
import { signIn } from "./steps";
import { newHandle, story } from "./story";
import { watchPolicy } from "./watch-policy";

const run = "window.pwned=1";
const title = `"'><script>${run}</script><img src=x onerror=${run}></title></textarea>`;
const label = `<svg onload=${run}>"'\`{{7*7}}`;
const reason = `</script><script>${run}</script><a href="javascript:${run}">x</a>`;
const encoder = `<iframe srcdoc="<script>parent.${run}</script>">`;
const displayName = `Ada<script>${run}</script><img/src/onerror=${run}>`;

/** Sets what no form of today can set, as an import or a later form might. */
async function storeDirectly(livehouse: Livehouse, handle: string, bannedHandle: string): Promise<void> {
  const found = await databaseUrlOf({ DATABASE_URL: undefined, DATA_DIR: livehouse.info.environment.DATA_DIR ?? "" });
  if (found.kind === "not-running") throw new Error("no database");
  const client = new Client({ connectionString: found.url });
  await client.connect();
  await client.query("UPDATE users SET display_name = $1 WHERE handle = $2", [displayName, handle]);
  await client.query("UPDATE users SET banned_at = now(), ban_reason = $1 WHERE handle = $2", [reason, bannedHandle]);
  await client.end();
}

/** The page shows these texts as they are, and made no element of them. */
async function expectText(page: Page, path: string, texts: string[]): Promise<void> {
  await page.goto(path);
  await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
  const shown = async () => {
    const values = await page
      .locator("input, textarea")
      .evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value));
    return [await page.title(), await page.locator("body").textContent(), ...values].join("\n");
  };
  for (const text of texts) await expect.poll(shown, { message: `${path} shows ${text}` }).toContain(text);
  const made = await page.locator("img[src='x'], img[onerror], svg[onload], iframe, a[href^='javascript']").count();
  expect(made, path).toBe(0);
}

story(
  "markup in a title, a name, a label, a reason or an encoder's words is shown as text on every page and runs nowhere",
  async ({ page, browser, livehouse, publish }) => {
    story.setTimeout(120_000);
    const person = await livehouse.createUser(newHandle("xss"));
    const banned = await livehouse.createUser(newHandle("xss"));
    await storeDirectly(livehouse, person.handle, banned.handle);
    const { streamKey } = await livehouse.issueKey(person.handle);
    publish(streamKey, { flashVersion: encoder });
    await livehouse.untilLive(person.handle);

    const faults = await watchPolicy(page.context());
    await signIn(page, person);
    await page.getByRole("textbox", { name: "Title" }).fill(title);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Saved")).toBeVisible();
    await page.getByLabel("Label").fill(label);
    await page.getByRole("button", { name: "New key" }).click();
    await expect(page.getByRole("listitem", { name: label })).toBeVisible();
    await expectText(page, "/studio", [title, label]);
    await expectText(page, `/c/${person.handle}`, [title, displayName]);

    const other = await browser.newContext({ baseURL: livehouse.portalUrl, locale: "en-US" });
    const otherFaults = await watchPolicy(other);
    const visitor = await other.newPage();
    await expectText(visitor, "/", [title, displayName]);
    await expectText(visitor, `/c/${person.handle}`, [title, displayName]);
    await expectText(visitor, `/embed/${person.handle}`, [displayName]);
    for (const path of [
      `/c/${encodeURIComponent(title)}`,
      `/embed/${encodeURIComponent(label)}`,
      `/sign-in?next=${encodeURIComponent(`javascript:${run}`)}`,
    ]) {
      await expectText(visitor, path, []);
    }
    await signIn(visitor, administrator);
    await expectText(visitor, "/admin", [encoder]);
    await expectText(visitor, `/admin/users?query=${banned.handle}`, [reason]);
    await expectText(visitor, `/admin/users?query=${encodeURIComponent(reason)}`, [reason]);
    await expectText(visitor, `/admin/keys?handle=${person.handle}`, [label]);
    await expectText(visitor, `/admin/keys?handle=${encodeURIComponent(reason)}`, []);
    await expectText(visitor, "/admin/audit", [label]);
    expect([...faults, ...otherFaults]).toEqual([]);
    await other.close();

    const json = await ask(livehouse.portalUrl, "/api/live");
    expect(json.headers["content-type"]).toMatch(/^application\/json/);
    expect(json.headers["x-content-type-options"]).toBe("nosniff");
    expect(JSON.parse(json.body)).toContainEqual(
      expect.objectContaining({ handle: person.handle, title, displayName }),
    );
    noteAttack("web", "markup stored in a field", 5 * 12);
  },
);
