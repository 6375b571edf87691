import { Livehouse, type LivehouseInfo } from "./livehouse";

/** Where the run's set-up leaves what the tests' own processes need to know. */
export const INFO_VARIABLE = "LIVEHOUSE_TEST_INFO";

export const administrator = { email: "admin@example.org", password: "the house manager's own key" };

/** The Livehouse that the whole end-to-end run shares. */
export function sharedLivehouse(): Livehouse {
  const info = process.env[INFO_VARIABLE];
  if (!info) throw new Error(`${INFO_VARIABLE} is not set: run this through Playwright.`);
  return new Livehouse(JSON.parse(info) as LivehouseInfo);
}
