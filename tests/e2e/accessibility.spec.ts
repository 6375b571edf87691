import AxeBuilder from "@axe-core/playwright";
import { expect } from "@playwright/test";
import { story } from "./story";

const pages = ["/", "/sign-in", "/sign-up", "/c/nobody_here"];

for (const locale of ["en-US", "ko-KR"]) {
  for (const colorScheme of ["dark", "light"] as const) {
    story(
      `what a visitor sees has no fault that axe finds, ${locale}, ${colorScheme}`,
      async ({ browser, livehouse }) => {
        const context = await browser.newContext({ baseURL: livehouse.portalUrl, locale, colorScheme });
        const page = await context.newPage();
        for (const path of pages) {
          await page.goto(path);
          await page.getByRole("heading", { level: 1 }).waitFor();
          const { violations } = await new AxeBuilder({ page }).analyze();
          expect(violations.map(({ id, nodes }) => `${path}: ${id} at ${nodes[0]?.target}`)).toEqual([]);
        }
        await context.close();
      },
    );
  }
}
