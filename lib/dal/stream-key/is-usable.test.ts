import { expect, test } from "vitest";
import { isUsable } from "./is-usable";

const now = new Date("2026-12-24T00:00:00.000Z");
const before = "2026-12-23T23:59:59.999Z";
const after = "2026-12-24T00:00:00.001Z";

test.each([
  { revokedAt: null, expiresAt: null, usable: true },
  { revokedAt: null, expiresAt: after, usable: true },
  { revokedAt: null, expiresAt: now.toISOString(), usable: false },
  { revokedAt: null, expiresAt: before, usable: false },
  { revokedAt: before, expiresAt: null, usable: false },
  { revokedAt: before, expiresAt: after, usable: false },
])("the studio offers no key that would be refused: revoked $revokedAt, expires $expiresAt", ({ usable, ...key }) => {
  expect(isUsable(key, now)).toBe(usable);
});
