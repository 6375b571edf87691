import { expect, it } from "vitest";
import { callerOf } from "./caller";
import { ownCallerAddresses } from "./caller-address";

it("behind one trusted proxy the address is what that proxy has seen, not what the peer said before it", () => {
  const secret = "x".repeat(32);
  Object.assign(process.env, { DATABASE_URL: "postgres://h/d", AUTH_SECRET: secret, MEDIA_SECRET: secret });
  Object.assign(process.env, { KEY_SECRET: secret, TRUSTED_PROXY: "1" });
  ownCallerAddresses({ isBehindProxy: true });
  // The last entry is the socket's, that is the proxy's; the one before it the proxy has appended.
  const headers = new Headers({
    host: "127.0.0.1:3000",
    "x-forwarded-for": "203.0.113.9, 198.51.100.7, 127.0.0.1",
    "x-forwarded-host": "tv.example",
  });
  expect(callerOf(headers)).toEqual({ address: "198.51.100.7", hostName: "tv.example" });
  expect(callerOf(new Headers({ "x-forwarded-for": "127.0.0.1" }))).toMatchObject({ address: "127.0.0.1" });
});
