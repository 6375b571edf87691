import { expect, test } from "vitest";
import nextConfig from "@/next.config.js";

async function headersOf(path: string): Promise<Record<string, string>> {
  const rules = (await nextConfig.headers?.()) ?? [];
  const matching = rules.filter(({ source }) => new RegExp(`^${source}$`).test(path));
  return Object.fromEntries(matching.flatMap(({ headers }) => headers.map(({ key, value }) => [key, value])));
}

test.each(["/", "/studio", "/admin/users", "/sign-in", "/c/alice", "/embedded"])(
  "%s is in no frame of another site",
  async (path) => {
    expect(await headersOf(path)).toEqual({
      "X-Content-Type-Options": "nosniff",
      "Content-Security-Policy": "frame-ancestors 'self'",
      "X-Frame-Options": "SAMEORIGIN",
    });
  },
);

test("/embed/HANDLE may be framed by anybody", async () => {
  expect(await headersOf("/embed/alice")).toEqual({ "X-Content-Type-Options": "nosniff" });
});
