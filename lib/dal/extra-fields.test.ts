import { afterAll, beforeAll, expect, it } from "vitest";
import type { SignedIn } from "@/lib/auth/actor";
import { database } from "@/lib/db";
import { makeUser, type OpenPortal, openPortal, PASSWORD, visitor } from "@/tests/support/portal-database";
import { noteAttack } from "@/tests/support/security-figures";
import { changePassword } from "./account/change-password";
import { signUp } from "./account/sign-up";
import { updateChannelTitle } from "./channel/update-channel-title";
import { issueStreamKey } from "./stream-key/issue-stream-key";
import { createUser } from "./user/create-user";

/** What somebody would like to set of an account by a field that no form has. */
const wishes = {
  id: "11111111-1111-4111-8111-111111111111",
  userId: "11111111-1111-4111-8111-111111111111",
  ownerId: "11111111-1111-4111-8111-111111111111",
  role: "admin",
  bannedAt: null,
  sessionVersion: 1000,
  displayName: "The House",
  passwordHash: "x",
  createdAt: "2001-01-01T00:00:00Z",
  channel: { create: { title: "x" } },
  ...JSON.parse('{"__proto__": {"role": "admin"}}'),
};

let portal: OpenPortal;
let owner: SignedIn;
beforeAll(async () => {
  portal = await openPortal();
  owner = await makeUser();
});
afterAll(() => portal?.close());

const tries = Object.keys(wishes).length;

it("a sign-up with fields that no form has makes an ordinary user of that handle", async () => {
  const form = { handle: "mina", email: "mina@example.com", password: PASSWORD, invitation: null };
  expect(await signUp(visitor, { ...wishes, ...form })).toMatchObject({ kind: "done" });
  const user = await database().user.findUniqueOrThrow({ where: { handle: "mina" }, include: { channel: true } });
  expect(user).toMatchObject({ role: "USER", displayName: "mina", sessionVersion: 1, channel: { title: "" } });
  expect(user.id).not.toBe(wishes.id);
  expect(user.createdAt.getFullYear()).toBeGreaterThan(2020);
  noteAttack("web", "fields that no form has", tries);
});

it("a title, a key and a password with fields that no form has change nothing else, and nobody else", async () => {
  const other = await makeUser();
  const read = () =>
    database().user.findMany({
      where: { handle: { in: [owner.handle, other.handle] } },
      orderBy: { handle: "asc" },
      omit: { passwordHash: true, sessionVersion: true },
      include: { channel: { omit: { title: true } } },
    });
  const before = await read();
  const foreign = { ...wishes, handle: other.handle, userId: other.userId, ownerId: other.userId };
  await updateChannelTitle(owner, { ...foreign, title: "Mine" } as { title: string });
  await expect(issueStreamKey(owner, { ...foreign, label: "x" })).rejects.toThrow("not-found");
  const { handle: _, ...rest } = foreign;
  const issued = await issueStreamKey(owner, {
    ...rest,
    channelId: other.userId,
    revokedAt: null,
    label: "Desk",
  } as never);
  expect(issued).toMatchObject({ kind: "done" });
  const passwords = { currentPassword: PASSWORD, newPassword: "another long password" };
  expect(await changePassword(owner, { ...foreign, ...passwords } as never)).toMatchObject({
    session: { userId: owner.userId },
  });
  expect(await read()).toEqual(before);
  expect(await database().channel.findMany({ where: { title: "Mine" }, select: { ownerId: true } })).toEqual([
    { ownerId: owner.userId },
  ]);
  expect(await database().streamKey.count({ where: { channel: { ownerId: other.userId } } })).toBe(0);
  noteAttack("web", "fields that no form has", 3 * tries);
});

it("nobody but an administrator makes an account with a role", async () => {
  const account = { handle: "boss", email: "boss@example.com", password: PASSWORD, role: "admin" as const };
  await expect(createUser(owner, { ...account, ...{ actor: { kind: "system" } } })).rejects.toThrow("forbidden");
  expect(await database().user.count({ where: { handle: "boss" } })).toBe(0);
  noteAttack("web", "fields that no form has");
});
