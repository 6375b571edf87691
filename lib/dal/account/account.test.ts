import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Visitor } from "@/lib/auth/actor";
import { openDevice, sealDevice } from "@/lib/auth/device-cookie";
import { findSignedIn } from "@/lib/auth/find-signed-in";
import type { Session, SessionOutcome } from "@/lib/auth/session";
import { openSession, sealSession } from "@/lib/auth/session-cookie";
import { database } from "@/lib/db";
import { makeUser, type OpenPortal, openPortal, PASSWORD, visitor } from "@/tests/support/portal-database";
import { noteAttack } from "@/tests/support/security-figures";
import { limits, subjectOf, takeAttempt } from "../rate-limit/take-attempt";
import { issueInvitation } from "../settings/issue-invitation";
import { setSignUpPolicy } from "../settings/set-sign-up-policy";
import { banUser } from "../user/ban-user";
import { changePassword } from "./change-password";
import { setUpFirstAdministrator } from "./set-up-first-administrator";
import { signIn } from "./sign-in";
import { signOutEverywhere } from "./sign-out-everywhere";
import { signUp } from "./sign-up";

let portal: OpenPortal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal?.close());
beforeEach(async () => {
  await database().rateLimit.deleteMany();
  await database().setting.deleteMany();
  await database().auditEntry.deleteMany();
  await database().user.deleteMany();
});

const from = (address: string): Visitor => ({ ...visitor, address });
const fields = { handle: "Mina_01", email: " Mina@Example.COM ", password: "a fine password", invitation: null };

async function signedUp(): Promise<Session> {
  const outcome = await signUp(visitor, fields);
  if (outcome.kind === "invalid") throw new Error(JSON.stringify(outcome));
  return outcome.session;
}

describe("sign-up", () => {
  it("makes a user in lower case with a channel, an argon2id hash, and a session that counts", async () => {
    const session = await signedUp();
    expect(session.handle).toBe("mina_01");
    const user = await database().user.findUniqueOrThrow({ where: { id: session.userId }, include: { channel: true } });
    expect(user).toMatchObject({ email: "mina@example.com", role: "USER" });
    expect(user.passwordHash).toMatch(/^\$argon2id\$/);
    expect(user.channel).not.toBeNull();
    expect(await findSignedIn(session, visitor)).toMatchObject({ handle: "mina_01", role: "user" });
  });

  it.each([
    ["handle", "ab", "handle-malformed"],
    ["handle", "a".repeat(26), "handle-malformed"],
    ["handle", "a".repeat(100_000), "handle-malformed"],
    ["password", "a b".repeat(30_000), "password-too-long"],
    ["handle", "mi na", "handle-malformed"],
    ["handle", "미나미나", "handle-malformed"],
    ["handle", "../admin", "handle-malformed"],
    ["handle", "Admin", "handle-reserved"],
    ["handle", "sign_in", "handle-reserved"],
    ["email", "nobody", "email-malformed"],
    ["email", `${"a".repeat(65)}@example.com`, "email-malformed"],
    ["email", `a@${"b".repeat(300)}.com`, "email-malformed"],
    ["email", "a@b@c.com", "email-malformed"],
    ["email", "a@x.com\nBcc: b@x.com", "email-malformed"],
    ["password", "short", "password-too-short"],
    ["password", "a b".repeat(80), "password-too-long"],
    ["password", "password123", "password-weak"],
    ["password", "aaaaaaaaaaaa", "password-weak"],
    ["password", "mina@example.com", "password-weak"],
  ])("names the field %s of %.20s", async (field, value, code) => {
    expect(await signUp(visitor, { ...fields, [field]: value })).toEqual({
      kind: "invalid",
      fields: { [field]: code },
    });
    expect(await database().user.count()).toBe(0);
  });

  it("names what is taken, however it is written", async () => {
    await signedUp();
    expect(await signUp(visitor, { ...fields, handle: "MINA_01", email: "MINA@example.com" })).toEqual({
      kind: "invalid",
      fields: { handle: "handle-taken", email: "email-taken" },
    });
  });

  it("gives a handle to one of many who ask for it at once", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_, n) => signUp(visitor, { ...fields, email: `m${n}@example.com` })),
    );
    expect(outcomes.filter(({ kind }) => kind === "done")).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.kind === "invalid") expect(outcome.fields).toEqual({ handle: "handle-taken" });
    }
  });

  it("obeys the policy: nobody when closed, and one account for one invitation", async () => {
    const admin = await makeUser("admin");
    await setSignUpPolicy(admin, { policy: "closed" });
    expect(await signUp(visitor, fields)).toMatchObject({ kind: "invalid", form: "sign-up-closed" });
    await setSignUpPolicy(admin, { policy: "invitation" });
    const invalid = { kind: "invalid", fields: { invitation: "invitation-invalid" } };
    expect(await signUp(visitor, fields)).toEqual(invalid);
    expect(await signUp(visitor, { ...fields, invitation: "invite_guess" })).toEqual(invalid);
    const { code } = await issueInvitation(admin);
    // A sign-up that fails on another field doesn't use it up.
    expect(await signUp(visitor, { ...fields, handle: admin.handle, invitation: code })).toMatchObject({
      fields: { handle: "handle-taken" },
    });
    const both = await Promise.all([
      signUp(visitor, { ...fields, invitation: code }),
      signUp(visitor, { ...fields, handle: "yuna", email: "yuna@example.com", invitation: code }),
    ]);
    expect(both.filter(({ kind }) => kind === "done")).toHaveLength(1);
    expect(both.filter(({ kind }) => kind === "invalid")).toEqual([invalid]);
  });

  it("no longer takes an invitation whose inviter was banned, or that has expired", async () => {
    const admin = await makeUser("admin");
    const second = await makeUser("admin");
    await setSignUpPolicy(admin, { policy: "invitation" });
    const { code } = await issueInvitation(admin);
    await banUser(second, { handle: admin.handle, reason: null });
    expect(await signUp(visitor, { ...fields, invitation: code })).toMatchObject({ kind: "invalid" });
    const late = await issueInvitation(second);
    await database().invitation.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    expect(await signUp(visitor, { ...fields, invitation: late.code })).toMatchObject({ kind: "invalid" });
  });

  it("stops an address that signs up too often, and nobody else", async () => {
    for (let n = 0; n < 40; n += 1) await signUp(from("203.0.113.1"), { ...fields, handle: "mina_01" });
    const next = { ...fields, handle: "yuna", email: "yuna@example.com" };
    expect(await signUp(from("203.0.113.1"), next)).toMatchObject({ form: "too-many-attempts" });
    expect(await signUp(from("203.0.113.2"), next)).toMatchObject({ kind: "done" });
  });
});

describe("sign-in", () => {
  it("gives an unknown address and a wrong password one answer, after the same work", async () => {
    await signedUp();
    const timed = async (email: string) => {
      const started = performance.now();
      const outcome = await signIn(visitor, { email, password: "wrong password" });
      return { outcome, ms: performance.now() - started };
    };
    await timed("warm@example.com");
    const known: number[] = [];
    const unknown: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const right = await timed("mina@example.com");
      const wrong = await timed(`nobody${n}@example.com`);
      expect(right.outcome).toEqual(wrong.outcome);
      expect(right.outcome).toEqual({ kind: "invalid", fields: {}, form: "credentials-wrong" });
      known.push(right.ms);
      unknown.push(wrong.ms);
    }
    // Without the dummy check the unknown address would answer ten times faster.
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 4);
    noteAttack("web", "learning who has an account", 10);
  });

  it("takes the e-mail address however it is written", async () => {
    const session = await signedUp();
    const outcome = await signIn(visitor, { email: " MINA@example.com", password: fields.password });
    expect(outcome).toEqual({ kind: "done", session });
  });

  const right = { email: "mina@example.com", password: fields.password };
  const guess = (n: number) => ({ email: "mina@example.com", password: `guess number ${n}` });
  const codeOf = (outcome: SessionOutcome) => (outcome.kind === "invalid" ? outcome.form : "done");
  const overTheWindow = () => database().rateLimit.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });

  it("stops a stranger's guesses at an account after ten, and the owner signs in meanwhile from elsewhere", async () => {
    await signedUp();
    const guesses = Array.from({ length: 14 }, (_, n) => signIn(from("203.0.113.1"), guess(n)));
    const codes = (await Promise.all(guesses)).map(codeOf);
    expect(codes.filter((code) => code === "too-many-attempts")).toHaveLength(4);
    expect(codeOf(await signIn(from("203.0.113.1"), right))).toBe("too-many-attempts");
    expect(codeOf(await signIn(from("203.0.113.2"), right))).toBe("done");
    await overTheWindow();
    expect(codeOf(await signIn(from("203.0.113.1"), right))).toBe("done");
    noteAttack("web", "guessing passwords", 14);
  });

  it("stops guessing at one account from many addresses, and a browser that signed in before is not locked out", async () => {
    const { userId } = await signedUp();
    const device = { userId, deviceId: randomUUID() };
    // The hundred that the limit allows are counted as if they had been made.
    for (let n = 0; n < 97; n += 1) await takeAttempt(limits.signInByAccount, right.email);
    const codes: unknown[] = [];
    for (let n = 0; n < 8; n += 1) codes.push(codeOf(await signIn(from(`203.0.113.${n}`), guess(n))));
    expect(codes.filter((code) => code === "credentials-wrong")).toHaveLength(3);
    expect(codeOf(await signIn(from("198.51.100.1"), right))).toBe("too-many-attempts");
    expect(codeOf(await signIn(from("198.51.100.1"), right, device))).toBe("done");
    // Somebody else's device is a stranger here.
    const foreign = { userId: randomUUID(), deviceId: device.deviceId };
    expect(codeOf(await signIn(from("198.51.100.1"), right, foreign))).toBe("too-many-attempts");
    noteAttack("web", "guessing passwords", 8);
  });

  it("a known browser guesses no more than a stranger", async () => {
    const { userId } = await signedUp();
    const device = { userId, deviceId: randomUUID() };
    const codes: unknown[] = [];
    for (let n = 0; n < 24; n += 1) codes.push(codeOf(await signIn(from("203.0.113.9"), guess(n), device)));
    expect(codes.filter((code) => code === "credentials-wrong")).toHaveLength(20);
    noteAttack("web", "guessing passwords", 24);
  });

  it("stops an address that tries many accounts, known and unknown alike", async () => {
    await signedUp();
    const address = "203.0.113.50";
    for (let n = 0; n < 60; n += 1) await takeAttempt(limits.signInByAddress, subjectOf(address));
    expect(codeOf(await signIn(from(address), right))).toBe("too-many-attempts");
    expect(codeOf(await signIn(from(address), { email: "nobody@example.com", password: "x" }))).toBe(
      "too-many-attempts",
    );
    expect(codeOf(await signIn(from("203.0.113.51"), right))).toBe("done");
  });

  it("limits guesses at an account that does not exist as it limits those at one that does", async () => {
    await signedUp();
    const answers = async (email: string) => {
      const codes: unknown[] = [];
      for (let n = 0; n < 12; n += 1)
        codes.push(codeOf(await signIn(from("203.0.113.7"), { email, password: `${n}` })));
      return codes;
    };
    expect(await answers("nobody@example.com")).toEqual(await answers("mina@example.com"));
    noteAttack("web", "learning who has an account", 24);
  });

  it("counts only what failed: who knows the password may sign in again and again", async () => {
    await signedUp();
    for (let n = 0; n < 15; n += 1) {
      expect(await signIn(visitor, { email: "mina@example.com", password: fields.password })).toMatchObject({
        kind: "done",
      });
    }
  });

  it("limits an IPv6 customer's whole network as one", () => {
    expect(subjectOf("2001:db8:1:2:3:4:5:6")).toBe(subjectOf("2001:db8:1:2::1"));
    expect(subjectOf("2001:db8:1:2::1")).not.toBe(subjectOf("2001:db8:1:3::1"));
    expect(subjectOf("192.0.2.1")).not.toBe(subjectOf("192.0.2.2"));
    expect(subjectOf(null)).toBe("unknown");
  });
});

describe("sessions", () => {
  it("a token is nobody's when it was made with another secret, changed, or is no token", async () => {
    const session = await signedUp();
    const token = await sealSession(session);
    expect(await openSession(token)).toEqual(session);
    const changed = `${token.slice(0, -6)}${token.endsWith("A") ? "B" : "A"}${token.slice(-5)}`;
    for (const wrong of [changed, "", "a.b.c", "x".repeat(10_000)]) expect(await openSession(wrong)).toBeNull();
  });

  it("a password change ends every session but the one it answers", async () => {
    const session = await signedUp();
    const actor = await findSignedIn(session, visitor);
    if (!actor) throw new Error("not signed in");
    const change = { currentPassword: fields.password, newPassword: "an even finer one" };
    expect(await changePassword(actor, { ...change, currentPassword: "wrong password" })).toEqual({
      kind: "invalid",
      fields: { currentPassword: "password-wrong" },
    });
    expect(await changePassword(actor, { ...change, newPassword: "password123" })).toEqual({
      kind: "invalid",
      fields: { newPassword: "password-weak" },
    });
    const outcome = await changePassword(actor, change);
    if (outcome.kind === "invalid") throw new Error(JSON.stringify(outcome));
    expect(await findSignedIn(session, visitor)).toBeNull();
    expect(await findSignedIn(outcome.session, visitor)).toMatchObject({ handle: "mina_01" });
    expect(await signIn(visitor, { email: fields.email, password: fields.password })).toMatchObject({
      kind: "invalid",
    });
    // A request that was on its way with the old session changes nothing more.
    await expect(
      changePassword(actor, { currentPassword: change.newPassword, newPassword: "a third password" }),
    ).rejects.toThrow("sign-in-required");
  });

  it("a session's token is no device's, a device's is no session's, and a forged one is neither", async () => {
    const session = await signedUp();
    const device = { userId: session.userId, deviceId: randomUUID() };
    const [sessionToken, deviceToken] = [await sealSession(session), await sealDevice(device)];
    expect(await openDevice(deviceToken)).toEqual(device);
    for (const wrong of [sessionToken, `${deviceToken.slice(0, -2)}xx`, "a.b.c.d.e", "", undefined]) {
      expect(await openDevice(wrong)).toBeNull();
    }
    expect(await openSession(deviceToken)).toBeNull();
    noteAttack("web", "forged sessions", 6);
  });

  it("sign out everywhere ends every session for good", async () => {
    const session = await signedUp();
    const actor = await findSignedIn(session, visitor);
    if (!actor) throw new Error("not signed in");
    await signOutEverywhere(actor);
    expect(await findSignedIn(session, visitor)).toBeNull();
  });
});

describe("the set-up link", () => {
  const admin = { handle: "boss", email: "boss@example.com", password: "a fine password" };
  const offer = (token: string) =>
    database().setting.create({
      data: { name: "setup-token-hash", value: createHash("sha256").update(token).digest("hex") },
    });

  it("makes the first administrator for who has its token, once", async () => {
    await offer("secret");
    expect(await setUpFirstAdministrator(visitor, { ...admin, token: "guess" })).toMatchObject({
      form: "token-invalid",
    });
    const outcomes = await Promise.all([
      setUpFirstAdministrator(visitor, { ...admin, token: "secret" }),
      setUpFirstAdministrator(visitor, {
        handle: "boss2",
        email: "b2@example.com",
        password: PASSWORD,
        token: "secret",
      }),
    ]);
    expect(outcomes.filter(({ kind }) => kind === "done")).toHaveLength(1);
    expect(await database().user.count({ where: { role: "ADMIN" } })).toBe(1);
    expect(
      await setUpFirstAdministrator(visitor, { ...admin, handle: "boss3", email: "b3@example.com", token: "secret" }),
    ).toMatchObject({ form: "token-invalid" });
  });

  it("stays good when the fields are wrong", async () => {
    await offer("secret");
    expect(await setUpFirstAdministrator(visitor, { ...admin, handle: "x", token: "secret" })).toMatchObject({
      fields: { handle: "handle-malformed" },
    });
    expect(await setUpFirstAdministrator(visitor, { ...admin, token: "secret" })).toMatchObject({ kind: "done" });
  });

  it("makes nobody an administrator when there is no token or an administrator already", async () => {
    expect(await setUpFirstAdministrator(visitor, { ...admin, token: "" })).toMatchObject({ form: "token-invalid" });
    await makeUser("admin");
    await offer("secret");
    expect(await setUpFirstAdministrator(visitor, { ...admin, token: "secret" })).toMatchObject({
      form: "token-invalid",
    });
  });
});
