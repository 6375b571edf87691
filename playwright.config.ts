import { defineConfig } from "@playwright/test";
import { findChromium } from "./scripts/chromium";

const isRoot = process.getuid?.() === 0;

/** Chromium calls home at every start unless told not to; on a machine without internet each call is a refused connection. */
const offline = [
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  testDir: "tests/e2e",
  testMatch: "**/*.spec.ts",
  globalSetup: "./tests/e2e/global-setup.ts",
  outputDir: "test-results",
  // One Livehouse, two cores, real encoders: side by side they would measure each other.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 180_000,
  globalTimeout: 45 * 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    locale: "en-US",
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: findChromium() ?? undefined,
      args: ["--disable-gpu", ...offline, ...(isRoot ? ["--no-sandbox"] : [])],
    },
  },
});
