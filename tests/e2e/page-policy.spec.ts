import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { PROJECT_ROOT } from "@/scripts/project-root";
import { noteAttack } from "@/tests/support/security-figures";
import { administrator } from "@/tests/support/shared-livehouse";
import { untilFramesAdvance } from "@/tests/support/video-frames";
import { signIn } from "./steps";
import { newHandle, story } from "./story";
import { watchPolicy } from "./watch-policy";

/** Every page there is, by its file. */
function routes(): string[] {
  return readdirSync(join(PROJECT_ROOT, "app"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("page.tsx") && !path.endsWith("missing-page.tsx"))
    .map((path) => `/${path.replace(/\(\w+\)\/?/g, "").replace(/\/?page\.tsx$/, "")}`)
    .sort();
}

/** Opens a page, waits until it works, and holds its policy against what the issue of it is: no script but our own. */
async function visit(page: Page, path: string): Promise<void> {
  const answer = await page.goto(path);
  await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
  const policy = answer?.headers()["content-security-policy"] ?? "";
  const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? "";
  expect(scripts, path).toMatch(/^'self' 'nonce-[A-Za-z0-9+/=]{24}'$/);
  expect(policy, path).not.toContain("unsafe");
  const nonce = /'nonce-([^']+)'/.exec(scripts)?.[1] ?? "";
  const html = (await answer?.text()) ?? "";
  const tags = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
  expect(tags.length, path).toBeGreaterThan(0);
  expect(
    tags.filter((tag) => !tag.includes(`nonce="${nonce}"`) && !tag.includes("src=")),
    path,
  ).toEqual([]);
  expect(policy.includes("frame-ancestors 'self'"), path).toBe(!path.startsWith("/embed/"));
}

story(
  "no page does anything against its policy: as visitor, user and administrator, with a broadcast playing",
  async ({ browser, livehouse, publish }) => {
    story.setTimeout(300_000);
    const person = await livehouse.createUser(newHandle("pol"));
    const { streamKey } = await livehouse.issueKey(person.handle);
    publish(streamKey);
    await livehouse.untilLive(person.handle);
    const of = (handle: string) => (route: string) => route.replace("[handle]", handle);
    const everything = [
      ...routes().map(of(person.handle)),
      "/c/nobody_here",
      "/no/such/page",
      "/c/with.dot",
      "/admin/keys?handle=x",
    ];
    const visited = new Set<string>();
    for (const who of [null, person, administrator]) {
      const context = await browser.newContext({ baseURL: livehouse.portalUrl, locale: "en-US" });
      const faults = await watchPolicy(context);
      const page = await context.newPage();
      if (who) await signIn(page, who);
      for (const path of everything) {
        await visit(page, path);
        visited.add(new URL(page.url()).pathname);
        const plays = [`/c/${person.handle}`, `/embed/${person.handle}`].includes(path);
        // A picture moves for the visitor; who is signed in gets the same player.
        if (plays && !who) await untilFramesAdvance(page);
      }
      if (!who) {
        await page.goto("/");
        await page
          .getByRole("link", { name: new RegExp(person.handle) })
          .first()
          .click();
        await untilFramesAdvance(page);
      }
      expect(faults).toEqual([]);
      await context.close();
    }
    expect(
      routes()
        .map(of(person.handle))
        .filter((path) => !visited.has(path)),
    ).toEqual([]);
  },
);

story(
  "an injected script, handler, frame, form or base of an attacker does nothing on a page",
  async ({ page, livehouse }) => {
    const faults = await watchPolicy(page.context());
    const person = await livehouse.createUser(newHandle("pol"));
    await signIn(page, person);
    const evil = "https://evil.example";
    const injections = [
      "<script>window.pwned = 1</script>",
      `<script src="${evil}/x.js"></script>`,
      "<img src='data:,' onerror='window.pwned = 1'>",
      "<svg onload='window.pwned = 1'></svg>",
      "<iframe srcdoc='<script>parent.pwned = 1</script>'></iframe>",
      `<iframe src="${evil}"></iframe>`,
      `<object data="${evil}/x.swf"></object>`,
      `<base href="${evil}/">`,
      `<link rel="stylesheet" href="${evil}/x.css">`,
      `<img src="${evil}/x.png">`,
      "<style>body { display: none }</style>",
    ];
    const refused = [
      "script-src-elem",
      "script-src-elem",
      "script-src-attr",
      "script-src-attr",
      "script-src-elem",
      "default-src",
    ];
    for (const html of injections) {
      await page.evaluate((injected) => {
        const holder = document.createElement("div");
        // As a page does that writes text where markup belongs; scripts need to be made anew to run at all.
        holder.innerHTML = injected;
        for (const old of holder.querySelectorAll("script")) {
          const script = document.createElement("script");
          if (old.src) script.src = old.src;
          else script.textContent = old.textContent;
          old.replaceWith(script);
        }
        document.body.append(holder);
      }, html);
    }
    await page.evaluate(() => {
      const link = Object.assign(document.createElement("a"), { href: "javascript:window.pwned = 1" });
      document.body.append(link);
      link.click();
    });
    const evaluated = await page.evaluate(() => {
      const script = document.createElement("script");
      script.nonce = "guessed";
      script.textContent = "window.pwned = 1";
      document.body.append(script);
      return [document.baseURI, getComputedStyle(document.body).display];
    });
    expect(evaluated).toEqual([page.url(), expect.not.stringContaining("none")]);
    await expect
      .poll(() => faults.filter((fault) => fault.includes(" refused ")).length)
      .toBeGreaterThanOrEqual(injections.length);
    for (const directive of refused) expect(faults.join("\n")).toContain(directive);
    expect(faults.filter((fault) => fault.includes("an attacker's script ran"))).toEqual([]);
    noteAttack("web", "markup put into a page", injections.length + 2);
  },
);

story("/embed stands in another site's page, and no other page does", async ({ page, livehouse, publish }) => {
  const { handle } = await livehouse.createUser(newHandle("pol"));
  publish((await livehouse.issueKey(handle)).streamKey);
  await livehouse.untilLive(handle);
  const paths = [`/embed/${handle}`, "/", "/studio", "/sign-in", "/admin", `/c/${handle}`, "/embedded"];
  const frames = paths.map((path) => `<iframe src="${livehouse.portalUrl}${path}"></iframe>`).join("");
  const site = createServer((_, response) => response.end(`<!doctype html>${frames}`));
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  try {
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
    const embedded = page.frames().find((frame) => frame.url().includes("/embed/"));
    await expect(page.frameLocator("iframe").first().locator("video")).toBeVisible();
    await embedded?.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0);
    for (const frame of page.frames().slice(2)) expect(frame.url(), frame.url()).toContain("chrome-error:");
    expect(page.frames()).toHaveLength(paths.length + 1);
  } finally {
    site.closeAllConnections();
    site.close();
  }
  noteAttack("web", "pages in another site's frame", paths.length - 1);
});
