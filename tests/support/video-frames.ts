import type { Page } from "@playwright/test";
import { until } from "./until";

/** A checksum of the picture the page's video shows now; null while it shows none. */
export function pictureOf(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const video = document.querySelector("video");
    if (!video || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) return null;
    const canvas = document.createElement("canvas");
    canvas.width = 64;
    canvas.height = 36;
    const context = canvas.getContext("2d");
    if (!context) return null;
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    let sum = 0;
    for (const value of context.getImageData(0, 0, canvas.width, canvas.height).data) sum = (sum * 31 + value) | 0;
    return sum.toString(16);
  });
}

/** Waits until the page has shown `count` different pictures from now on: time that runs on a frozen picture does not count. */
export async function untilFramesAdvance(page: Page, { count = 8, timeoutMs = 20_000 } = {}): Promise<void> {
  const seen = new Set<string>();
  await until(
    `${count} different pictures on ${page.url()}`,
    async () => {
      const picture = await pictureOf(page);
      if (picture) seen.add(picture);
      return seen.size >= count;
    },
    { timeoutMs, everyMs: 40 },
  );
}
