import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SignedIn } from "@/lib/auth/actor";
import { systemActor } from "@/lib/auth/actor";
import { getChannelState } from "@/lib/dal/live/get-channel-state";
import { listLive } from "@/lib/dal/live/list-live";
import { issueStreamKey } from "@/lib/dal/stream-key/issue-stream-key";
import { revokeStreamKey } from "@/lib/dal/stream-key/revoke-stream-key";
import { banUser } from "@/lib/dal/user/ban-user";
import { unbanUser } from "@/lib/dal/user/unban-user";
import { database } from "@/lib/db";
import type { LiveSessionReport, OnPublishAnswer } from "@/lib/media-contract/publish-calls";
import { makeKey, makeUser, media, type OpenPortal, openPortal, visitor } from "@/tests/support/portal-database";
import { noteAttack } from "@/tests/support/security-figures";
import { acceptPublish } from "./accept-publish";
import { ClockWatch } from "./clock-watch";
import { endPublish } from "./end-publish";
import { sweepStaleSessions } from "./sweep-stale-sessions";
import { updateLiveSessions } from "./update-live-sessions";

let portal: OpenPortal;
let owner: SignedIn;
let key: { id: string; streamKey: string };
let boot: string;
let sequence: number;

beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal?.close());
beforeEach(async () => {
  await database().liveSession.deleteMany();
  owner = await makeUser();
  key = await makeKey(owner);
  boot = randomUUID();
  sequence = 0;
});

type Accepted = Extract<OnPublishAnswer, { kind: "accepted" }>;

function publish(streamKey = key.streamKey, mediaBootId = boot, application = "live"): Promise<OnPublishAnswer> {
  return acceptPublish(media, {
    mediaBootId,
    application,
    streamKey,
    remoteAddress: "198.51.100.4",
    encoder: "FMLE/3.0",
  });
}

async function publishAccepted(streamKey = key.streamKey, mediaBootId = boot): Promise<Accepted> {
  const answer = await publish(streamKey, mediaBootId);
  if (answer.kind !== "accepted") throw new Error(`rejected: ${answer.reason}`);
  return answer;
}

function report(session: Accepted, state: LiveSessionReport["state"] = "live", viewers = 0): LiveSessionReport {
  const video = { codec: "avc1.64001f", width: 1280, height: 720, frameRate: 30 };
  const audio = { codec: "mp4a.40.2", sampleRate: 48_000, channels: 2 };
  const { liveSessionId, publishNumber } = session;
  return { liveSessionId, publishNumber, state, video, audio, bitrateKbps: 3000, viewers };
}

function update(sessions: LiveSessionReport[], { mediaBootId = boot, number = ++sequence } = {}) {
  return updateLiveSessions(media, { mediaBootId, sequence: number, sessions });
}

function end(session: Accepted, mediaBootId = boot) {
  const { liveSessionId, publishNumber } = session;
  return endPublish(media, { mediaBootId, liveSessionId, publishNumber, reason: "encoder-stopped" });
}

const stateOfChannel = () => getChannelState(visitor, { handle: owner.handle });

/** As if the last renewal had been so long ago. */
async function age(session: Accepted, seconds: number): Promise<void> {
  await database().$executeRaw`
    UPDATE live_sessions SET lease_expires_at = lease_expires_at - make_interval(secs => ${seconds}),
           reconnecting_at = reconnecting_at - make_interval(secs => ${seconds})
     WHERE id = ${session.liveSessionId}::uuid`;
}

describe("on-publish", () => {
  it("accepts a valid key, opens a live session and remembers when and from where the key was used", async () => {
    const answer = await publishAccepted();
    expect(answer).toMatchObject({ publishNumber: 1, handle: owner.handle, leaseSeconds: 60 });
    expect(await stateOfChannel()).toMatchObject({ state: "starting", startedAt: null });
    const used = await database().streamKey.findUniqueOrThrow({ where: { id: key.id } });
    expect(used.lastUsedAddress).toBe("198.51.100.4");
    expect(used.lastUsedAt).not.toBeNull();
  });

  it("refuses an unknown, a revoked and an expired key, a banned owner and a wrong application, each by its reason", async () => {
    const expiring = await issueStreamKey(owner, {
      label: "Short",
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
    });
    if (expiring.kind === "invalid") throw new Error("not issued");
    await database().streamKey.update({
      where: { id: expiring.key.id },
      data: { expiresAt: new Date(Date.now() - 1) },
    });
    const revoked = await makeKey(owner);
    await revokeStreamKey(owner, { id: revoked.id });
    expect(await publish("live_nobody")).toMatchObject({ kind: "rejected", reason: "unknown-key" });
    expect(await publish("")).toMatchObject({ kind: "rejected", reason: "unknown-key" });
    expect(await publish(key.streamKey.toUpperCase())).toMatchObject({ kind: "rejected", reason: "unknown-key" });
    expect(await publish(revoked.streamKey)).toMatchObject({ kind: "rejected", reason: "revoked-key" });
    expect(await publish(expiring.key.streamKey)).toMatchObject({ kind: "rejected", reason: "expired-key" });
    expect(await publish(key.streamKey, boot, "live/sub")).toMatchObject({
      kind: "rejected",
      reason: "wrong-application",
    });
    await banUser(systemActor, { handle: owner.handle, reason: null });
    expect(await publish()).toMatchObject({ kind: "rejected", reason: "banned-owner" });
    await unbanUser(systemActor, { handle: owner.handle });
    expect(await publish()).toMatchObject({ kind: "accepted" });
    expect(await database().liveSession.count()).toBe(1);
  });

  it("continues the open session of the channel, also with another key of the same owner", async () => {
    const first = await publishAccepted();
    const second = await publishAccepted((await makeKey(owner)).streamKey);
    expect(second).toMatchObject({ liveSessionId: first.liveSessionId, publishNumber: 2 });
  });

  it("opens one session for calls at once on one channel, each with a number of its own", async () => {
    const keys = [key, await makeKey(owner), await makeKey(owner)];
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => publishAccepted(keys[n % 3]?.streamKey)));
    expect(new Set(answers.map((answer) => answer.liveSessionId)).size).toBe(1);
    const numbers = answers.map((answer) => answer.publishNumber).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
  });

  it("never leaves an open session behind a key that was revoked at the same moment", async () => {
    for (let round = 0; round < 15; round += 1) {
      const raced = await makeKey(owner);
      const [answer] = await Promise.all([publish(raced.streamKey), revokeStreamKey(owner, { id: raced.id })]);
      expect(answer.kind === "accepted" || answer.reason === "revoked-key").toBe(true);
      expect(await database().liveSession.count({ where: { openChannelId: { not: null } } })).toBe(0);
      expect(await publish(raced.streamKey)).toMatchObject({ reason: "revoked-key" });
    }
  }, 60_000);

  it("never leaves an open session behind an owner who was banned at the same moment", async () => {
    for (let round = 0; round < 8; round += 1) {
      await Promise.all([publish(), banUser(systemActor, { handle: owner.handle, reason: null })]);
      expect(await database().liveSession.count({ where: { openChannelId: { not: null } } })).toBe(0);
      await unbanUser(systemActor, { handle: owner.handle });
    }
  }, 60_000);

  it("opens a new session instead of one whose lease ran out", async () => {
    const first = await publishAccepted();
    await age(first, 61);
    expect((await publishAccepted()).liveSessionId).not.toBe(first.liveSessionId);
  });
});

describe("on-update", () => {
  it("makes a channel live from the first playable segment on, and shows it to everyone", async () => {
    const session = await publishAccepted();
    await update([report(session, "pending")]);
    expect(await stateOfChannel()).toMatchObject({ state: "starting" });
    expect(await listLive(visitor)).toEqual([]);
    await update([report(session, "live", 3)]);
    expect(await stateOfChannel()).toMatchObject({ state: "live", viewers: 3 });
    const [live] = await listLive(visitor);
    expect(live).toMatchObject({ handle: owner.handle, viewers: 3, title: "" });
    expect(live?.playlistUrl).toBe(`http://portal.test:8000/live/${owner.handle}/index.m3u8`);
  });

  it("renews the lease: 60 s from the call", async () => {
    const session = await publishAccepted();
    await age(session, 50);
    expect(await update([report(session)])).toEqual({
      sessions: [{ kind: "continue", liveSessionId: session.liveSessionId, leaseSeconds: 60 }],
    });
    await age(session, 50);
    expect(await sweepStaleSessions(systemActor)).toBe(0);
  });

  it("changes nothing when it comes late, twice or out of order", async () => {
    const session = await publishAccepted();
    await update([report(session, "live", 7)], { number: 10 });
    await update([report(session, "reconnecting", 1)], { number: 9 });
    await update([report(session, "reconnecting", 2)], { number: 10 });
    await update([], { number: 8 });
    expect(await stateOfChannel()).toMatchObject({ state: "live", viewers: 7 });
  });

  it("doesn't believe a report about a connection that a newer one has replaced", async () => {
    const first = await publishAccepted();
    await update([report(first)]);
    await publishAccepted();
    const answer = await update([report(first, "reconnecting")]);
    expect(answer.sessions).toMatchObject([{ kind: "continue" }]);
    expect(await stateOfChannel()).toMatchObject({ state: "live" });
  });

  it("goes on renewing a connection whose successor was accepted but never came", async () => {
    const first = await publishAccepted();
    await update([report(first)]);
    const lost = await publishAccepted();
    for (let round = 0; round < 4; round += 1) {
      await age(lost, 30);
      expect((await update([report(first, "live", round)])).sessions).toMatchObject([{ kind: "continue" }]);
      expect(await stateOfChannel()).toMatchObject({ state: "live", viewers: round });
    }
    expect(await sweepStaleSessions(systemActor)).toBe(0);
  });

  it("lets the revocation of a key end the broadcast that uses it, though another key's publish was committed and its answer lost", async () => {
    for (const isLate of [false, true]) {
      const [used, unanswered] = [await makeKey(owner), await makeKey(owner)];
      const first = await publishAccepted(used.streamKey);
      await update([report(first)]);
      await publishAccepted(unanswered.streamKey);
      await publishAccepted(unanswered.streamKey);
      if (isLate) await age(first, 30);
      expect((await update([report(first)])).sessions).toMatchObject([{ kind: "continue" }]);
      portal.mediaControl.disconnected.length = 0;
      await revokeStreamKey(owner, { id: used.id });
      const { liveSessionId } = first;
      expect(portal.mediaControl.disconnected).toEqual([{ liveSessionId, reason: "key-revoked" }]);
      expect(await stateOfChannel()).toMatchObject({ state: "offline", endReason: "key-revoked" });
      expect((await update([report(first)])).sessions).toMatchObject([{ kind: "end", reason: "key-revoked" }]);
    }
    noteAttack("private calls", "answers lost, then the key revoked", 2);
  });

  it("lets a broadcast go on under its new key when the key that it no longer uses is revoked", async () => {
    const [old, used] = [await makeKey(owner), await makeKey(owner)];
    await update([report(await publishAccepted(old.streamKey))]);
    const second = await publishAccepted(used.streamKey);
    await update([report(second)]);
    await revokeStreamKey(owner, { id: old.id });
    expect(await stateOfChannel()).toMatchObject({ state: "live" });
    await revokeStreamKey(owner, { id: used.id });
    expect(await stateOfChannel()).toMatchObject({ state: "offline", endReason: "key-revoked" });
  });

  it("comes to the same end in whatever order, how often and how late the calls of two connections arrive", async () => {
    // What a network may make of: first live, second accepted, second live, the first one's end. The newest is on the air.
    const orders = [
      ["first", "end-first", "second", "first"],
      ["second", "first", "first", "end-first"],
      ["end-first", "end-first", "second", "second"],
      ["second", "end-first", "first", "second"],
    ];
    for (const order of orders) {
      boot = randomUUID();
      const first = await publishAccepted();
      const second = await publishAccepted();
      for (const call of order) {
        if (call === "first") await update([report(first, "reconnecting")], { number: 1 });
        else if (call === "second") await update([report(second, "live", 3)], { number: 2 });
        else expect(await end(first)).toEqual({ kind: "ignored" });
      }
      expect(await stateOfChannel()).toMatchObject({ state: "live", viewers: 3 });
    }
    noteAttack("private calls", "reordered, repeated and late calls", 4 * orders.length);
  });

  it("lets a session wait for its encoder when media no longer has it, and ends it 30 s later", async () => {
    const session = await publishAccepted();
    await update([report(session)]);
    await update([]);
    // The answer to on-publish may still be on its way to media.
    expect(await stateOfChannel()).toMatchObject({ state: "live" });
    await age(session, 6);
    await update([]);
    expect(await stateOfChannel()).toMatchObject({ state: "reconnecting" });
    await age(session, 31);
    expect(await sweepStaleSessions(systemActor)).toBe(1);
    expect(await stateOfChannel()).toMatchObject({ state: "offline", endReason: "encoder-lost" });
  });

  it("lets the sessions of a media process that is gone wait for their encoders, and continues them", async () => {
    const before = await publishAccepted();
    await update([report(before)]);
    await age(before, 6);
    const newBoot = randomUUID();
    await update([], { mediaBootId: newBoot, number: 1 });
    expect(await stateOfChannel()).toMatchObject({ state: "reconnecting" });
    const again = await publishAccepted(key.streamKey, newBoot);
    expect(again).toMatchObject({ liveSessionId: before.liveSessionId, publishNumber: 2 });
    await update([report(again)], { mediaBootId: newBoot, number: 2 });
    expect(await stateOfChannel()).toMatchObject({ state: "live" });
    // The old process's last words come late.
    expect(await end(before)).toEqual({ kind: "ignored" });
    await update([], { number: 99 });
    expect(await stateOfChannel()).toMatchObject({ state: "live" });
    await age(again, 6);
    await update([], { mediaBootId: randomUUID(), number: 1 });
    await age(again, 31);
    await sweepStaleSessions(systemActor);
    expect(await stateOfChannel()).toMatchObject({ state: "offline", endReason: "media-restarted" });
  });

  it("no longer lists a channel as live once its media process is gone, from the first call of the next one on", async () => {
    const session = await publishAccepted();
    await update([report(session)]);
    const newBoot = randomUUID();
    await update([], { mediaBootId: newBoot, number: 0 });
    expect(await listLive(visitor)).toEqual([]);
    expect(await stateOfChannel()).toMatchObject({ state: "reconnecting" });
    const again = await publishAccepted(key.streamKey, newBoot);
    await update([report(again, "pending")], { mediaBootId: newBoot, number: 1 });
    expect(await listLive(visitor)).toEqual([]);
    await update([report(again)], { mediaBootId: newBoot, number: 2 });
    expect(await listLive(visitor)).toMatchObject([{ handle: owner.handle }]);
  });

  it("lists a channel while its encoder is away but its picture can be played, and counts the wait from the drop when media goes too", async () => {
    const session = await publishAccepted();
    await update([report(session, "live")]);
    await update([report(session, "reconnecting")]);
    expect(await listLive(visitor)).toMatchObject([{ handle: owner.handle }]);
    await age(session, 20);
    await update([], { mediaBootId: randomUUID(), number: 0 });
    expect(await listLive(visitor)).toEqual([]);
    await age(session, 11);
    expect(await sweepStaleSessions(systemActor)).toBe(1);
    expect(await stateOfChannel()).toMatchObject({ state: "offline", endReason: "encoder-lost" });
  });

  it("is a reconnect to the viewers, not a start, while a continued session has no new segment", async () => {
    const first = await publishAccepted();
    await update([report(first)]);
    const second = await publishAccepted();
    await update([report(second, "pending")]);
    expect(await stateOfChannel()).toMatchObject({ state: "reconnecting" });
    await update([report(second)]);
    expect(await stateOfChannel()).toMatchObject({ state: "live" });
  });

  it("answers the end of a session that was revoked while media could not be told", async () => {
    const session = await publishAccepted();
    await update([report(session)]);
    await revokeStreamKey(owner, { id: key.id });
    expect(await update([report(session)])).toEqual({
      sessions: [{ kind: "end", liveSessionId: session.liveSessionId, reason: "key-revoked" }],
    });
    expect(await stateOfChannel()).toMatchObject({ state: "offline", endReason: "key-revoked" });
  });

  it("answers the end of a session that nobody knows", async () => {
    const stranger: Accepted = {
      kind: "accepted",
      liveSessionId: randomUUID(),
      publishNumber: 1,
      handle: "nobody",
      leaseSeconds: 60,
    };
    expect((await update([report(stranger)])).sessions).toMatchObject([{ kind: "end" }]);
  });

  it("takes many calls at once without a deadlock", async () => {
    const users = await Promise.all(Array.from({ length: 4 }, () => makeUser()));
    const keys = await Promise.all(users.map((user) => makeKey(user)));
    const sessions = await Promise.all(keys.map(({ streamKey }) => publishAccepted(streamKey)));
    const calls = Array.from({ length: 20 }, (_, n) =>
      n % 4 === 0 ? publishAccepted(keys[n % 3]?.streamKey) : update(sessions.map((session) => report(session))),
    );
    expect(await Promise.all(calls)).toHaveLength(20);
  });
});

describe("on-publish-end", () => {
  it("ends a session once, however often it is reported", async () => {
    const session = await publishAccepted();
    await update([report(session)]);
    const answers = await Promise.all([end(session), end(session), end(session)]);
    expect(answers.map(({ kind }) => kind).sort()).toEqual(["already-ended", "already-ended", "ended"]);
    expect(await stateOfChannel()).toMatchObject({ state: "offline", endReason: "encoder-stopped" });
  });

  it("is ignored when a newer connection has continued the session", async () => {
    const first = await publishAccepted();
    await publishAccepted();
    expect(await end(first)).toEqual({ kind: "ignored" });
    expect(await stateOfChannel()).toMatchObject({ state: "starting" });
  });

  it("says so when nobody knows the session", async () => {
    const stranger = { mediaBootId: boot, liveSessionId: randomUUID(), publishNumber: 1 };
    expect(await endPublish(media, { ...stranger, reason: "encoder-lost" })).toEqual({ kind: "unknown" });
  });

  it("doesn't touch the session that follows: a late end of the one before finds it ended", async () => {
    const first = await publishAccepted();
    await end(first);
    const second = await publishAccepted();
    expect(second.liveSessionId).not.toBe(first.liveSessionId);
    expect(await end(first)).toEqual({ kind: "already-ended" });
    expect(await stateOfChannel()).toMatchObject({ state: "starting" });
  });
});

describe("the sweep", () => {
  it("ends a session whose lease ran out, once and for all", async () => {
    const session = await publishAccepted();
    await update([report(session)]);
    await age(session, 61);
    expect(await sweepStaleSessions(systemActor)).toBe(1);
    expect(await stateOfChannel()).toMatchObject({ state: "offline", endReason: "lease-expired" });
    expect(await listLive(visitor)).toEqual([]);
    expect((await update([report(session)])).sessions).toMatchObject([{ kind: "end", reason: "lease-expired" }]);
  });
});

describe("a database's clock that is set", () => {
  const HOUR = 3600;
  /** As the sweep that comes after the clock was set: what was written before lies so far in the past (or the future). */
  async function setClock(session: Accepted, forwardSeconds: number): Promise<ClockWatch> {
    await age(session, forwardSeconds);
    const clock = new ClockWatch();
    const [row] = await database().$queryRaw<{ ms: number }[]>`
      SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms`;
    clock.note((row?.ms ?? 0) - forwardSeconds * 1000, performance.now());
    return clock;
  }

  it("an hour forward ends no broadcast: the next report renews its lease, whether the sweep comes before it or after", async () => {
    const session = await publishAccepted();
    await update([report(session)]);
    await setClock(session, HOUR);
    expect((await update([report(session)])).sessions).toMatchObject([{ kind: "continue" }]);
    const clock = await setClock(session, HOUR);
    expect(await sweepStaleSessions(systemActor, clock)).toBe(0);
    expect((await update([report(session)])).sessions).toMatchObject([{ kind: "continue" }]);
    expect(await sweepStaleSessions(systemActor, clock)).toBe(0);
    expect(await listLive(visitor)).toMatchObject([{ handle: owner.handle }]);
  });

  it("an hour forward leaves an encoder that is away its 30 s", async () => {
    const session = await publishAccepted();
    await update([report(session, "live")]);
    await update([report(session, "reconnecting")]);
    const clock = await setClock(session, HOUR);
    expect(await sweepStaleSessions(systemActor, clock)).toBe(0);
    await age(session, 29);
    expect(await sweepStaleSessions(systemActor, clock)).toBe(0);
    await age(session, 2);
    expect(await sweepStaleSessions(systemActor, clock)).toBe(1);
  });

  it("an hour back leaves nothing live whose media is gone", async () => {
    const session = await publishAccepted();
    await update([report(session)]);
    const clock = await setClock(session, -HOUR);
    expect(await sweepStaleSessions(systemActor, clock)).toBe(0);
    await age(session, 61);
    expect(await sweepStaleSessions(systemActor, clock)).toBe(1);
  });
});
