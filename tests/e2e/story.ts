import { test as base, type Page } from "@playwright/test";
import type { EncoderOptions, FfmpegEncoder } from "@/tests/support/ffmpeg-encoder";
import type { Livehouse } from "@/tests/support/livehouse";
import { sharedLivehouse } from "@/tests/support/shared-livehouse";

type Story = {
  livehouse: Livehouse;
  /** Publishes with a real ffmpeg that ends with the test. */
  publish: (streamKey: string, options?: Partial<EncoderOptions>) => FfmpegEncoder;
  /** Another person's browser: nothing of it is shared with the first. */
  openBrowser: () => Promise<Page>;
};

/** A user story: the shared Livehouse, any number of browsers and encoders, all gone when it ends. */
export const story = base.extend<Story>({
  livehouse: async ({}, use) => use(sharedLivehouse()),
  baseURL: async ({ livehouse }, use) => use(livehouse.portalUrl),
  publish: async ({ livehouse }, use) => {
    const encoders: FfmpegEncoder[] = [];
    await use((streamKey, options) => {
      const encoder = livehouse.publish(streamKey, options);
      encoders.push(encoder);
      return encoder;
    });
    await Promise.all(encoders.filter(({ isRunning }) => isRunning).map((encoder) => encoder.crash()));
  },
  openBrowser: async ({ browser, livehouse }, use) => {
    const pages: Page[] = [];
    await use(async () => {
      const context = await browser.newContext({ baseURL: livehouse.portalUrl, locale: "en-US" });
      const page = await context.newPage();
      pages.push(page);
      return page;
    });
    await Promise.all(pages.map((page) => page.context().close()));
  },
});

let people = 0;

/** A handle that no other test has. */
export function newHandle(name: string): string {
  people += 1;
  return `${name}_${process.pid.toString(36)}_${people}`;
}

export const PASSWORD = "a lamp behind the piano";
