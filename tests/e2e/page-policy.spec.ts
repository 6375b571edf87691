import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "@playwright/test";
import { noteAttack } from "@/tests/support/security-figures";
import { signIn } from "./steps";
import { newHandle, story } from "./story";
import { watchPolicy } from "./watch-policy";

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
