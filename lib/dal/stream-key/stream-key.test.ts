import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { systemActor } from "@/lib/auth/actor";
import { database } from "@/lib/db";
import { makeKey, makeUser, media, type OpenPortal, openPortal } from "@/tests/support/portal-database";
import { disconnectLiveSession } from "../live/disconnect-live-session";
import { acceptPublish } from "../publish/accept-publish";
import { banUser } from "../user/ban-user";
import { issueStreamKey } from "./issue-stream-key";
import { makeStreamKey, openStreamKey, sealStreamKey } from "./key-vault";
import { listStreamKeys } from "./list-stream-keys";
import { revealStreamKey } from "./reveal-stream-key";
import { revokeStreamKey } from "./revoke-stream-key";

let portal: OpenPortal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal?.close());

async function goLive(streamKey: string): Promise<string> {
  const answer = await acceptPublish(media, {
    mediaBootId: crypto.randomUUID(),
    application: "live",
    streamKey,
    remoteAddress: "198.51.100.4",
    encoder: null,
  });
  if (answer.kind !== "accepted") throw new Error(answer.reason);
  return answer.liveSessionId;
}

it("a dump of every table holds no key, neither as text nor as bytes", async () => {
  const owner = await makeUser();
  const keys = [await makeKey(owner, "One"), await makeKey(owner, "Two")];
  await revealStreamKey(owner, { id: keys[0]?.id ?? "" });
  await goLive(keys[0]?.streamKey ?? "");
  await revokeStreamKey(owner, { id: keys[1]?.id ?? "" });
  const client = new pg.Client({ connectionString: portal.databaseUrl });
  await client.connect();
  const tables = await client.query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
  );
  const dump: string[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await client.query<{ text: string }>(`SELECT t::text AS text FROM "${name}" t`);
    dump.push(...rows.map(({ text }) => text));
  }
  await client.end();
  const text = dump.join("\n");
  expect(tables.rows.map(({ name }) => name)).toContain("stream_keys");
  // Proves that the dump would have found it: the ids are in it.
  for (const { id } of keys) expect(text).toContain(id);
  for (const { streamKey } of keys) {
    const secret = streamKey.replace("live_", "");
    expect(text).not.toContain(secret);
    expect(text).not.toContain(Buffer.from(secret).toString("hex"));
    expect(text).not.toContain(Buffer.from(secret).toString("base64").slice(0, 30));
  }
});

it("keys have 130 bits from an alphabet without look-alikes, and none comes twice", () => {
  const keys = Array.from({ length: 2_000 }, makeStreamKey);
  for (const key of keys) expect(key).toMatch(/^live_[0-9a-hjkmnp-tv-z]{26}$/);
  expect(new Set(keys).size).toBe(keys.length);
  expect(new Set(keys.join("").replaceAll("live_", "")).size).toBe(32);
});

it("a sealed key opens for its own row only, and not at all once a bit of it is changed", () => {
  const sealed = sealStreamKey("live_secret", "row-1");
  expect(openStreamKey(sealed, "row-1")).toBe("live_secret");
  expect(openStreamKey(sealed, "row-2")).toBeNull();
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(openStreamKey(changed, "row-1")).toBeNull();
  }
  expect(openStreamKey(sealed.subarray(0, 20), "row-1")).toBeNull();
});

it("a list shows the owner the last four letters, an administrator none, and nobody the rest", async () => {
  const owner = await makeUser();
  const admin = await makeUser("admin");
  const key = await makeKey(owner, "Desk");
  const [own] = await listStreamKeys(owner);
  expect(own).toMatchObject({ label: "Desk", masked: `live_••••${key.streamKey.slice(-4)}`, isLive: false });
  const [administrators] = await listStreamKeys(admin, { handle: owner.handle });
  expect(administrators?.masked).toBe("live_••••");
  expect(JSON.stringify([own, administrators])).not.toContain(key.streamKey);
  await goLive(key.streamKey);
  expect(await listStreamKeys(owner)).toMatchObject([{ isLive: true, lastUsedAddress: "198.51.100.4" }]);
});

it("the owner can reveal a key again, but not after it was revoked", async () => {
  const owner = await makeUser();
  const key = await makeKey(owner);
  expect(await revealStreamKey(owner, { id: key.id })).toEqual({
    id: key.id,
    label: "Studio",
    streamKey: key.streamKey,
    rtmpUrl: "rtmp://portal.test:1935/live",
  });
  await revokeStreamKey(owner, { id: key.id });
  await expect(revealStreamKey(owner, { id: key.id })).rejects.toThrow("not-found");
});

it("a label is named when it is missing or too long, and the number of valid keys is limited", async () => {
  const owner = await makeUser();
  expect(await issueStreamKey(owner, { label: "  " })).toMatchObject({ fields: { label: "label-missing" } });
  expect(await issueStreamKey(owner, { label: "x".repeat(61) })).toMatchObject({ fields: { label: "label-too-long" } });
  const outcomes = await Promise.all(Array.from({ length: 55 }, () => issueStreamKey(owner, { label: "Key" })));
  expect(outcomes.filter(({ kind }) => kind === "done")).toHaveLength(50);
});

it("a revocation has media cut the broadcast that uses the key, and no other", async () => {
  const [owner, other] = [await makeUser(), await makeUser()];
  const [key, idle, others] = [await makeKey(owner), await makeKey(owner), await makeKey(other)];
  const liveSessionId = await goLive(key.streamKey);
  await goLive(others.streamKey);
  portal.mediaControl.disconnected.length = 0;
  await revokeStreamKey(owner, { id: idle.id });
  expect(portal.mediaControl.disconnected).toEqual([]);
  await revokeStreamKey(systemActor, { id: key.id });
  expect(portal.mediaControl.disconnected).toEqual([{ liveSessionId, reason: "key-revoked" }]);
  expect(
    await database().liveSession.count({ where: { openChannelId: { not: null }, channel: { ownerId: other.userId } } }),
  ).toBe(1);
});

it("a ban and an ended broadcast reach media by their own reasons", async () => {
  const owner = await makeUser();
  const key = await makeKey(owner);
  const first = await goLive(key.streamKey);
  portal.mediaControl.disconnected.length = 0;
  await disconnectLiveSession(owner, { own: true });
  const second = await goLive(key.streamKey);
  await disconnectLiveSession(systemActor, { liveSessionId: second });
  const third = await goLive(key.streamKey);
  await banUser(systemActor, { handle: owner.handle, reason: null });
  expect(portal.mediaControl.disconnected).toEqual([
    { liveSessionId: first, reason: "ended-by-streamer" },
    { liveSessionId: second, reason: "ended-by-administrator" },
    { liveSessionId: third, reason: "owner-banned" },
  ]);
});

it("a media that misses calls is told again, and one that never answers holds nobody up for long", async () => {
  const owner = await makeUser();
  const key = await makeKey(owner);
  const liveSessionId = await goLive(key.streamKey);
  portal.mediaControl.disconnected.length = 0;
  portal.mediaControl.silences = 2;
  await disconnectLiveSession(owner, { own: true });
  expect(portal.mediaControl.disconnected).toEqual([{ liveSessionId, reason: "ended-by-streamer" }]);
  await goLive(key.streamKey);
  portal.mediaControl.silences = 1_000;
  const started = performance.now();
  await revokeStreamKey(owner, { id: key.id });
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(
    await database().liveSession.count({ where: { openChannelId: { not: null }, channel: { ownerId: owner.userId } } }),
  ).toBe(0);
});
