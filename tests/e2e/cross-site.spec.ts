import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { databaseUrlOf } from "@/scripts/database-url";
import { PROJECT_ROOT } from "@/scripts/project-root";
import { databaseText } from "@/tests/support/database-text";
import type { Livehouse } from "@/tests/support/livehouse";
import { noteAttack } from "@/tests/support/security-figures";
import { formOf, postAction, type ServerAction, serverActions } from "@/tests/support/server-actions";
import { ask, cookiesOf } from "@/tests/support/web-client";
import { newHandle, PASSWORD, story } from "./story";

const evil = "https://evil.example";

/** How the page of another site can make a browser post. None of them may count. */
const foreign: Record<string, string>[] = [
  { origin: evil },
  { origin: "null" },
  {},
  { origin: evil, "x-forwarded-host": "evil.example" },
  { origin: evil, referer: `${evil}/` },
];

function actionNamed(name: string): ServerAction {
  const action = serverActions().find((each) => each.name === name);
  if (!action) throw new Error(`no action ${name}`);
  return action;
}

async function signedIn(livehouse: Livehouse, email: string, password: string): Promise<string> {
  const headers = { origin: livehouse.portalUrl };
  const answer = await postAction(
    livehouse.portalUrl,
    actionNamed("(auth) signIn"),
    [null, formOf({ email, password })],
    headers,
  );
  return cookiesOf(answer);
}

/** What is kept, without what a broadcast and a count of attempts change by themselves. */
async function stateOf(livehouse: Livehouse): Promise<string> {
  const DATA_DIR = livehouse.info.environment.DATA_DIR ?? "";
  const found = await databaseUrlOf({ DATABASE_URL: undefined, DATA_DIR });
  if (found.kind === "not-running") throw new Error("no database");
  return databaseText(found.url, ["rate_limits", "live_sessions", "stream_keys"]);
}

story(
  "a page of another site calls none of the server actions with its visitor's cookie",
  async ({ livehouse, publish }) => {
    story.setTimeout(120_000);
    const victim = await livehouse.createUser(newHandle("vic"), { role: "admin" });
    const other = await livehouse.createUser(newHandle("vic"));
    const [key, second] = [await livehouse.issueKey(victim.handle), await livehouse.issueKey(victim.handle)];
    publish(key.streamKey);
    await livehouse.untilLive(victim.handle);
    const liveOf = async () => {
      const live = await livehouse.cliJson<{ liveSessionId: string; handle: string }[]>("live", "list");
      return live.find(({ handle }) => handle === victim.handle)?.liveSessionId ?? "";
    };
    const keysOf = async () => JSON.stringify(await livehouse.cliJson("key", "list", victim.handle));
    const fresh = newHandle("new");
    const account = { handle: fresh, email: `${fresh}@example.org`, password: PASSWORD };
    // Every action, in an order in which each would still have something to do. `mute`: it would change nothing here.
    const calls: Record<string, { args: unknown[]; isMute?: boolean }> = {
      "(auth) setUpFirstAdministrator": { args: [null, formOf({ ...account, token: "guess" })], isMute: true },
      "(auth) signUp": { args: [null, formOf(account)] },
      "(auth) signIn": { args: [null, formOf({ email: other.email, password: other.password })] },
      "(admin)/admin issueInvitation": { args: [] },
      "(admin)/admin setSignUpPolicy": { args: [null, formOf({ policy: "open" })] },
      "(admin)/admin banUser": { args: [null, formOf({ handle: other.handle, reason: "x" })] },
      "(admin)/admin unbanUser": { args: [other.handle] },
      "(studio)/studio updateTitle": { args: [null, formOf({ title: "Owned" })] },
      "(studio)/studio issueKey": { args: [null, formOf({ label: "stolen" })] },
      "(studio)/studio revealKey": { args: [key.id] },
      "(admin)/admin endLiveSession": { args: [await liveOf()] },
      "(studio)/studio endBroadcast": { args: [], isMute: true },
      "(admin)/admin revokeKey": { args: [second.id] },
      "(studio)/studio revokeKey": { args: [key.id] },
      "(studio)/studio signOutEverywhere": { args: [] },
      "(auth) signOut": { args: [] },
      "(studio)/studio changePassword": {
        args: [null, formOf({ currentPassword: victim.password, newPassword: "taken over by evil" })],
      },
    };
    expect(
      serverActions()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(Object.keys(calls).sort());

    let cookie = await signedIn(livehouse, victim.email, victim.password);
    const before = [await stateOf(livehouse), await keysOf(), await liveOf()];
    for (const [name, { args }] of Object.entries(calls)) {
      for (const headers of foreign) {
        const answer = await postAction(livehouse.portalUrl, actionNamed(name), args, { cookie, ...headers });
        expect(answer.status, name).toBeGreaterThanOrEqual(400);
        expect(answer.setCookies, name).toEqual([]);
        expect(answer.body, name).not.toContain("live_");
      }
      // As a form without JavaScript, which needs no header that a browser would ask about first.
      const form = new Response(formOf({ [`$ACTION_ID_${actionNamed(name).id}`]: "" }));
      const contentType = form.headers.get("content-type") ?? "";
      const body = Buffer.from(await form.arrayBuffer());
      const headers = { cookie, origin: evil, "content-type": contentType };
      const answer = await ask(livehouse.portalUrl, actionNamed(name).page, { method: "POST", headers, body });
      expect(answer.status, name).toBeGreaterThanOrEqual(400);
      expect(answer.setCookies, name).toEqual([]);
    }
    expect([await stateOf(livehouse), await keysOf(), await liveOf()]).toEqual(before);
    const asked = await ask(livehouse.portalUrl, "/studio", {
      method: "OPTIONS",
      headers: {
        origin: evil,
        "access-control-request-method": "POST",
        "access-control-request-headers": "next-action",
      },
    });
    expect(Object.keys(asked.headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);

    // The same calls from a page of ours do what they say: the calls above were good ones.
    for (const [name, { args, isMute }] of Object.entries(calls)) {
      const start = [await stateOf(livehouse), await keysOf(), await liveOf()].join("\n");
      const answer = await postAction(livehouse.portalUrl, actionNamed(name), args, {
        cookie,
        origin: livehouse.portalUrl,
      });
      expect(answer.status, name).toBeLessThan(400);
      const changed = start !== [await stateOf(livehouse), await keysOf(), await liveOf()].join("\n");
      expect(changed || answer.setCookies.length > 0 || answer.body.includes("live_"), name).toBe(!isMute);
      if (name.endsWith("signOutEverywhere")) cookie = await signedIn(livehouse, victim.email, victim.password);
    }
    noteAttack("web", "server actions called by another site", Object.keys(calls).length * (foreign.length + 1));
  },
);

/** API routes that answer more than reading. */
function writingRoutes(): string[] {
  return readdirSync(join(PROJECT_ROOT, "app/api"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("route.ts"))
    .filter((path) => /\b(POST|PUT|PATCH|DELETE)\b/.test(readFileSync(join(PROJECT_ROOT, "app/api", path), "utf8")))
    .map((path) => path.replace("/route.ts", ""))
    .sort();
}

story("a page of another site signs nobody in or out, and speaks for no media", async ({ livehouse }) => {
  expect(writingRoutes()).toEqual([
    "auth/[...nextauth]",
    "media/on-publish",
    "media/on-publish-end",
    "media/on-update",
  ]);
  const victim = await livehouse.createUser(newHandle("vic"));
  const cookie = await signedIn(livehouse, victim.email, victim.password);
  const token = await ask(livehouse.portalUrl, "/api/auth/csrf");
  const fields = {
    csrfToken: JSON.parse(token.body).csrfToken,
    email: victim.email,
    password: victim.password,
    json: "true",
  };
  const form = { body: new URLSearchParams(fields).toString(), type: "application/x-www-form-urlencoded" };
  const paths = ["signin/credentials", "callback/credentials", "signout", "session", "_log"];
  const post = (path: string, headers: Record<string, string>, cookies = `${cookie}; ${cookiesOf(token)}`) =>
    ask(livehouse.portalUrl, `/api/auth/${path}`, {
      method: "POST",
      headers: { cookie: cookies, "content-type": form.type, ...headers },
      body: form.body,
    });
  for (const path of paths) {
    for (const headers of foreign) {
      const answer = await post(path, headers);
      expect([path, answer.status, answer.setCookies]).toEqual([path, 403, []]);
    }
  }
  // From our own page, but without the token of next-auth: refused as well. With both: signed in.
  const session = /session-token=(?!;)/;
  const bare = await post("callback/credentials", { origin: livehouse.portalUrl }, cookie);
  expect(bare.setCookies.filter((line) => session.test(line))).toEqual([]);
  const good = await post("callback/credentials", { origin: livehouse.portalUrl });
  expect(good.setCookies.filter((line) => session.test(line))).toHaveLength(1);
  const asked = await ask(livehouse.portalUrl, "/api/auth/signout", { headers: { cookie } });
  expect(asked.setCookies.filter((line) => line.includes("session-token"))).toEqual([]);
  for (const path of ["on-publish", "on-update", "on-publish-end"]) {
    const headers = { cookie, "content-type": "application/json" };
    const answer = await ask(livehouse.portalUrl, `/api/media/${path}`, { method: "POST", headers, body: "{}" });
    expect(answer.status).toBe(401);
  }
  noteAttack("web", "routes called by another site", paths.length * foreign.length + 5);
});

story(
  "signing in makes a session of its own, and a session that was ended stays so however it is renewed",
  async ({ livehouse }) => {
    const [attacker, victim] = [
      await livehouse.createUser(newHandle("vic")),
      await livehouse.createUser(newHandle("vic")),
    ];
    const planted = await signedIn(livehouse, attacker.email, attacker.password);
    const tokenIn = (cookies: string) => /session-token=([^;]+)/.exec(cookies)?.[1];
    const input = [null, formOf({ email: victim.email, password: victim.password })];
    const headers = { origin: livehouse.portalUrl, cookie: planted };
    const answer = await postAction(livehouse.portalUrl, actionNamed("(auth) signIn"), input, headers);
    const own = cookiesOf(answer);
    expect(tokenIn(own)).toBeTruthy();
    expect(tokenIn(own)).not.toBe(tokenIn(planted));
    expect(tokenIn(await signedIn(livehouse, victim.email, victim.password))).not.toBe(tokenIn(own));
    for (const line of answer.setCookies) expect(line).toMatch(/Path=\/(?=.*HttpOnly)(?=.*SameSite=lax)/i);
    const studio = (cookie: string) => ask(livehouse.portalUrl, "/studio", { headers: { cookie } });
    expect((await studio(own)).body).toContain(victim.handle);
    expect((await studio(planted)).body).not.toContain(victim.handle);

    await postAction(livehouse.portalUrl, actionNamed("(studio)/studio signOutEverywhere"), [], {
      origin: livehouse.portalUrl,
      cookie: own,
    });
    const renewed = cookiesOf(await ask(livehouse.portalUrl, "/api/auth/session", { headers: { cookie: own } }));
    for (const cookie of [own, renewed]) {
      const ended = await studio(cookie);
      expect(`${ended.status} ${ended.headers.location ?? ""} ${ended.body}`).toContain("/sign-in");
      expect(ended.body).not.toContain("live_");
    }
    noteAttack("web", "planted and ended sessions", 4);
  },
);
