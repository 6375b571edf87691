import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";

const systemPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The Chromium for browser tests: CHROMIUM_PATH, the machine's own, or the one Playwright installed; null when there is none. */
export function findChromium(): string | null {
  const candidates = [process.env.CHROMIUM_PATH ?? "", ...systemPaths, chromium.executablePath()];
  return candidates.find((path) => path !== "" && existsSync(path)) ?? null;
}
