import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isAppError } from "@/lib/app-error";
import { type Actor, type SignedIn, systemActor } from "@/lib/auth/actor";
import { findSignedIn } from "@/lib/auth/find-signed-in";
import { database } from "@/lib/db";
import {
  makeKey,
  makeUser,
  media,
  type OpenPortal,
  openPortal,
  PASSWORD,
  visitor,
} from "@/tests/support/portal-database";
import { noteAttack } from "@/tests/support/security-figures";
import { changePassword } from "./account/change-password";
import { getAccount } from "./account/get-account";
import { setUpFirstAdministrator } from "./account/set-up-first-administrator";
import { signIn } from "./account/sign-in";
import { signOutEverywhere } from "./account/sign-out-everywhere";
import { signUp } from "./account/sign-up";
import { listAuditEntries } from "./audit/list-audit-entries";
import { getChannel } from "./channel/get-channel";
import { updateChannelTitle } from "./channel/update-channel-title";
import { checkDatabase } from "./health/check-database";
import { disconnectLiveSession } from "./live/disconnect-live-session";
import { getChannelState } from "./live/get-channel-state";
import { listLive } from "./live/list-live";
import { listLiveSessions } from "./live/list-live-sessions";
import { watchChannelState } from "./live/watch-channel-state";
import { watchLive } from "./live/watch-live";
import { acceptPublish } from "./publish/accept-publish";
import { endPublish } from "./publish/end-publish";
import { sweepStaleSessions } from "./publish/sweep-stale-sessions";
import { updateLiveSessions } from "./publish/update-live-sessions";
import { getSignUpPolicy } from "./settings/get-sign-up-policy";
import { issueInvitation } from "./settings/issue-invitation";
import { setSignUpPolicy } from "./settings/set-sign-up-policy";
import { issueStreamKey } from "./stream-key/issue-stream-key";
import { listStreamKeys } from "./stream-key/list-stream-keys";
import { revealStreamKey } from "./stream-key/reveal-stream-key";
import { revokeStreamKey } from "./stream-key/revoke-stream-key";
import { banUser } from "./user/ban-user";
import { createUser } from "./user/create-user";
import { listUsers } from "./user/list-users";
import { unbanUser } from "./user/unban-user";

let portal: OpenPortal;
let owner: SignedIn;
let other: SignedIn;
let admin: SignedIn;

beforeAll(async () => {
  portal = await openPortal();
  owner = await makeUser();
  other = await makeUser();
  admin = await makeUser("admin");
});
afterAll(() => portal?.close());

/** How an actor's call ended: `ok`, or the AppError's code. */
async function outcomeOf(call: () => Promise<unknown> | unknown): Promise<string> {
  try {
    await call();
    return "ok";
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
}

type Expected = { owner: string; other: string; visitor: string; admin: string; system: string; media: string };

/** Whom the request of somebody with a banned account's session comes from. */
async function bannedActor(): Promise<Actor> {
  const banned = await makeUser("admin");
  await banUser(systemActor, { handle: banned.handle, reason: null });
  return (await findSignedIn(banned, visitor)) ?? visitor;
}

const everyone: Expected = { owner: "ok", other: "ok", visitor: "ok", admin: "ok", system: "ok", media: "ok" };
const signedIn: Expected = {
  ...everyone,
  visitor: "sign-in-required",
  system: "sign-in-required",
  media: "sign-in-required",
};
const administrators: Expected = {
  ...everyone,
  owner: "forbidden",
  other: "forbidden",
  visitor: "sign-in-required",
  media: "sign-in-required",
};
const mediaOnly: Expected = {
  owner: "forbidden",
  other: "forbidden",
  visitor: "forbidden",
  admin: "forbidden",
  system: "forbidden",
  media: "ok",
};

const password = { currentPassword: "not the password", newPassword: "another long password" };
const publish = {
  mediaBootId: randomUUID(),
  application: "live",
  streamKey: "live_x",
  remoteAddress: "::1",
  encoder: null,
};

// Every verb, by its file. `owner` owns what is asked for; `other` is somebody else.
const verbs: Record<string, { expected: Expected; call(actor: Actor): Promise<unknown> | unknown }> = {
  "account/change-password": { expected: signedIn, call: (actor) => changePassword(actor, password) },
  "account/get-account": { expected: signedIn, call: getAccount },
  "account/set-up-first-administrator": {
    expected: everyone,
    call: (actor) => setUpFirstAdministrator(actor, { token: "wrong", handle: "x", email: "x", password: "x" }),
  },
  "account/sign-in": { expected: everyone, call: (actor) => signIn(actor, { email: "x@y.z", password: "x" }) },
  "account/sign-out-everywhere": { expected: signedIn, call: async (actor) => signOutEverywhere(actor) },
  "account/sign-up": {
    expected: everyone,
    call: (actor) => signUp(actor, { handle: "x", email: "x", password: "x", invitation: null }),
  },
  "audit/list-audit-entries": { expected: administrators, call: (actor) => listAuditEntries(actor) },
  "channel/get-channel": { expected: everyone, call: (actor) => getChannel(actor, { handle: owner.handle }) },
  "channel/update-channel-title": { expected: signedIn, call: (actor) => updateChannelTitle(actor, { title: "x" }) },
  "health/check-database": { expected: everyone, call: checkDatabase },
  "live/disconnect-live-session": {
    expected: administrators,
    call: async (actor) => disconnectLiveSession(actor, { liveSessionId: await openSession() }),
  },
  "live/get-channel-state": { expected: everyone, call: (actor) => getChannelState(actor, { handle: owner.handle }) },
  "live/list-live": { expected: everyone, call: listLive },
  "live/list-live-sessions": { expected: administrators, call: listLiveSessions },
  "live/watch-channel-state": {
    expected: everyone,
    call: async (actor) => (await watchChannelState(actor, { handle: owner.handle }, () => undefined))(),
  },
  "live/watch-live": { expected: everyone, call: (actor) => watchLive(actor, () => undefined)() },
  "publish/accept-publish": { expected: mediaOnly, call: (actor) => acceptPublish(actor, publish) },
  "publish/end-publish": {
    expected: mediaOnly,
    call: (actor) =>
      endPublish(actor, {
        mediaBootId: randomUUID(),
        liveSessionId: randomUUID(),
        publishNumber: 1,
        reason: "encoder-lost",
      }),
  },
  "publish/sweep-stale-sessions": { expected: administrators, call: sweepStaleSessions },
  "publish/update-live-sessions": {
    expected: mediaOnly,
    call: (actor) => updateLiveSessions(actor, { mediaBootId: randomUUID(), sequence: 1, sessions: [] }),
  },
  "settings/get-sign-up-policy": { expected: everyone, call: getSignUpPolicy },
  "settings/issue-invitation": { expected: { ...administrators, system: "forbidden" }, call: issueInvitation },
  "settings/set-sign-up-policy": {
    expected: administrators,
    call: (actor) => setSignUpPolicy(actor, { policy: "open" }),
  },
  "stream-key/issue-stream-key": {
    expected: { ...signedIn, other: "not-found", admin: "not-found", system: "ok" },
    call: (actor) => issueStreamKey(actor, { handle: owner.handle, label: "x" }),
  },
  "stream-key/list-stream-keys": {
    expected: { ...signedIn, other: "not-found", system: "ok" },
    call: (actor) => listStreamKeys(actor, { handle: owner.handle }),
  },
  "stream-key/reveal-stream-key": {
    expected: { ...signedIn, other: "not-found", admin: "not-found" },
    call: async (actor) => revealStreamKey(actor, { id: (await makeKey(owner)).id }),
  },
  "stream-key/revoke-stream-key": {
    expected: { ...signedIn, other: "not-found", system: "ok" },
    call: async (actor) => revokeStreamKey(actor, { id: (await makeKey(owner)).id }),
  },
  "user/ban-user": {
    expected: administrators,
    call: async (actor) => banUser(actor, { handle: (await makeUser()).handle, reason: null }),
  },
  "user/create-user": {
    expected: administrators,
    call: (actor) => createUser(actor, { handle: "x", email: "x", password: "x", role: "admin" }),
  },
  "user/list-users": { expected: administrators, call: (actor) => listUsers(actor) },
  "user/unban-user": { expected: administrators, call: (actor) => unbanUser(actor, { handle: other.handle }) },
};

async function openSession(): Promise<string> {
  const { streamKey } = await makeKey(owner);
  const answer = await acceptPublish(media, { ...publish, streamKey });
  if (answer.kind !== "accepted") throw new Error("rejected");
  return answer.liveSessionId;
}

it.each(Object.entries(verbs))(
  "%s answers owner, other, visitor, administrator, command line, media and the banned as it should",
  async (_, verb) => {
    const actors = { owner, other, visitor, admin, system: systemActor, media, banned: await bannedActor() };
    const seen: Record<string, string> = {};
    for (const [name, actor] of Object.entries(actors)) seen[name] = await outcomeOf(() => verb.call(actor));
    // A ban, also an administrator's, leaves what a visitor may.
    expect(seen).toEqual({ ...verb.expected, banned: verb.expected.visitor });
    noteAttack("web", "verbs called by who may not", Object.values(seen).filter((outcome) => outcome !== "ok").length);
  },
);

/** Files of `lib/dal` that a page, an action or a route takes something else from than a verb. */
const noVerbs = new Set([
  // Parts of an answer, and the form around it.
  ...["answer-form", "live/event-stream", "live/playlist-url", "stream-key/is-usable", "stream-key/rtmp-url"],
  // next-auth's routes: what they do is the verb `account/sign-in`.
  "account/next-auth-handler",
  // The process's own start.
  "start-portal",
]);

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !path.includes(".test."))
    .map((path) => readFileSync(join(folder, path), "utf8"));
}

it("is asked about every verb there is: whatever takes an actor first, and whatever a page or a route calls", () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
    .filter((path) => /^[a-z-]+\/[a-z-]+\.ts$/.test(path))
    .filter((path) =>
      /^export (async )?function \w+\(\s*_?actor: Actor\b/m.test(readFileSync(join(import.meta.dirname, path), "utf8")),
    );
  expect(files.map((path) => path.replace(/\.ts$/, "")).sort()).toEqual(Object.keys(verbs).sort());
  const root = join(import.meta.dirname, "../..");
  const callers = [
    ...sources(join(root, "app")),
    ...["proxy.ts", "instrumentation.ts"].map((name) => readFileSync(join(root, name), "utf8")),
  ];
  const called = callers.flatMap((text) =>
    [...text.matchAll(/(?:^import \{[^}]*\} from |import\()"(?:@|\.)\/lib\/dal\/([^"]+)"/gm)].map(
      ([, path]) => path ?? "",
    ),
  );
  expect(called.length).toBeGreaterThan(20);
  expect([...new Set(called)].filter((path) => !(path in verbs) && !noVerbs.has(path))).toEqual([]);
});

it("a banned user is a visitor from that moment on, and stays one for sessions from before the ban", async () => {
  const banned = await makeUser();
  const session = { userId: banned.userId, handle: banned.handle, sessionVersion: banned.sessionVersion };
  expect(await findSignedIn(session, visitor)).toMatchObject({ kind: "user", handle: banned.handle });
  await banUser(admin, { handle: banned.handle, reason: "spam" });
  expect(await findSignedIn(session, visitor)).toBeNull();
  await unbanUser(admin, { handle: banned.handle });
  expect(await findSignedIn(session, visitor)).toBeNull();
});

it("an administrator can't ban themselves", async () => {
  expect(await banUser(admin, { handle: admin.handle, reason: null })).toMatchObject({ kind: "invalid" });
  expect(await database().user.findUniqueOrThrow({ where: { id: admin.userId } })).toMatchObject({ bannedAt: null });
});

it("each act of an administrator is in the audit, with who, what, whom and from where", async () => {
  const target = await makeUser();
  const key = await makeKey(target);
  await revokeStreamKey(admin, { id: key.id });
  await banUser(admin, { handle: target.handle, reason: "rude" });
  await unbanUser(admin, { handle: target.handle });
  await setSignUpPolicy(admin, { policy: "invitation" });
  await issueInvitation(admin);
  await setSignUpPolicy(admin, { policy: "open" });
  const { entries } = await listAuditEntries(admin);
  const acts = entries.slice(0, 6).map(({ actor, action, address }) => ({ actor, action, address }));
  const by = { actor: admin.handle, address: "192.0.2.7" };
  expect(acts).toEqual([
    { ...by, action: "sign-up-policy.set" },
    { ...by, action: "invitation.issue" },
    { ...by, action: "sign-up-policy.set" },
    { ...by, action: "user.unban" },
    { ...by, action: "user.ban" },
    { ...by, action: "stream-key.revoke" },
  ]);
  expect(entries[4]).toMatchObject({ targetId: target.userId, detail: { handle: target.handle, reason: "rude" } });
});

it("a list of the audit goes on where the page before ended", async () => {
  for (let n = 0; n < 55; n += 1) await setSignUpPolicy(admin, { policy: "open" });
  const first = await listAuditEntries(admin);
  const second = await listAuditEntries(admin, { before: first.next });
  expect(first.entries).toHaveLength(50);
  expect(second.entries.length).toBeGreaterThan(0);
  const ids = [...first.entries, ...second.entries].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it("signing in as banned tells of the ban only with the right password", async () => {
  const banned = await makeUser();
  await banUser(admin, { handle: banned.handle, reason: null });
  const email = `${banned.handle}@example.com`;
  expect(await signIn(visitor, { email, password: PASSWORD })).toMatchObject({ form: "account-banned" });
  expect(await signIn(visitor, { email, password: "wrong password" })).toMatchObject({ form: "credentials-wrong" });
});
