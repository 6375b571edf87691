import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "@playwright/test";
import { build } from "esbuild";
import { findChromium } from "@/scripts/chromium";
import { PlainError } from "@/scripts/plain-error";
import { until } from "@/tests/support/until";
import { started } from "../started";
import type { PageReport } from "./page-sampler";

/** Chromium calls home at every start unless told not to. */
const quiet = [
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export type WatchedPage = {
  page: Page;
  navigatedMs: number;
  /** Waits for the first picture. @throws Error with the page's own errors when none comes in time */
  untilFirstFrame(timeoutMs: number): Promise<number>;
  report(): Promise<PageReport>;
  close(): Promise<void>;
};

async function samplerScript(): Promise<string> {
  const entry = fileURLToPath(new URL("page-sampler.ts", import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: "iife", write: false });
  return outputFiles[0]?.text ?? "";
}

/** A real Chromium whose pages note what their video shows. */
export class WatchingBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly sampler: string,
    readonly close: () => Promise<void>,
  ) {}

  /** @throws PlainError when there is no Chromium */
  static async start(): Promise<WatchingBrowser> {
    const executablePath = findChromium();
    if (!executablePath) {
      throw new PlainError("Chromium is missing: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.");
    }
    const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const browser = await chromium.launch({
      executablePath,
      args: ["--disable-gpu", "--autoplay-policy=no-user-gesture-required", ...quiet, ...root],
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    const close = started("Chromium", () => browser.close());
    return new WatchingBrowser(browser, await samplerScript(), close);
  }

  get version(): string {
    return this.browser.version();
  }

  /** Opens a page as a visitor who has never been here. */
  async open(url: string): Promise<WatchedPage> {
    const context = await this.browser.newContext({ viewport: { width: 800, height: 480 }, locale: "en-US" });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    await page.addInitScript({ content: this.sampler });
    const navigatedMs = Date.now();
    await page.goto(url, { waitUntil: "commit", timeout: 20_000 });
    return {
      page,
      navigatedMs,
      untilFirstFrame: (timeoutMs) =>
        until(
          `a first picture on ${new URL(page.url()).pathname} ${faults.join("; ")}`,
          () => page.evaluate(() => window.benchSampler?.firstFrameMs()),
          { timeoutMs, everyMs: 50 },
        ),
      report: () => page.evaluate(() => window.benchSampler?.report() as PageReport),
      close: () => context.close(),
    };
  }
}
