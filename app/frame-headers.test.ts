import { expect, test } from "vitest";
import nextConfig from "@/next.config.js";

async function headersOf(path: string): Promise<Record<string, string>> {
  const rules = (await nextConfig.headers?.()) ?? [];
  const matching = rules.filter(({ source }) => new RegExp(`^${source}$`).test(path));
  return Object.fromEntries(matching.flatMap(({ headers }) => headers.map(({ key, value }) => [key, value])));
}

const everywhere = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": expect.stringContaining("camera=(), microphone=()"),
};

// The policy of pages has a nonce, so proxy.ts sets it: tests/e2e/page-policy.spec.ts.
test.each(["/", "/studio", "/admin/users", "/sign-in", "/c/alice", "/embedded"])(
  "%s is in no frame of another site",
  async (path) => expect(await headersOf(path)).toEqual({ ...everywhere, "X-Frame-Options": "SAMEORIGIN" }),
);

test("/embed/HANDLE may be framed by anybody", async () => {
  expect(await headersOf("/embed/alice")).toEqual(everywhere);
});

test.each(["/api/live", "/api/auth/session", "/_next/static/a.js", "/icon.svg"])(
  "%s is no page to run in",
  async (path) => {
    expect((await headersOf(path))["Content-Security-Policy"]).toBe(
      "default-src 'none'; frame-ancestors 'none'; sandbox",
    );
  },
);
