import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { startEmbeddedPostgres } from "@/scripts/postgres";
import { databaseText } from "@/tests/support/database-text";
import { LivehouseProcess } from "@/tests/support/livehouse-process";
import { descendantsOf } from "@/tests/support/process-tree";
import { RtmpEncoder } from "@/tests/support/rtmp-encoder";
import { noteAttack } from "@/tests/support/security-figures";
import { formOf, postAction, serverActions } from "@/tests/support/server-actions";
import { ask, cookiesOf, type WebAnswer } from "@/tests/support/web-client";
import { newHandle, story } from "./story";

const secretOf = (name: string) => `${name}-${"0123456789abcdef".repeat(4)}`;
const secrets = { AUTH_SECRET: secretOf("auth"), MEDIA_SECRET: secretOf("media"), KEY_SECRET: secretOf("keys") };
const passwords = { owner: "owners own words 41", other: "others own words 42", admin: "admins own words 43" };
const wrongPassword = "mistyped owners words";
const site = { host: "tv.example", origin: "https://tv.example" };

/** Everything that somebody could read, by where it stood. */
class Readable {
  private readonly texts: [string, string][] = [];

  add(where: string, text: string): void {
    this.texts.push([where, text]);
  }

  addAnswer(where: string, { body, headers }: WebAnswer): void {
    this.add(where, `${JSON.stringify(headers)}\n${body}`);
  }

  addFolder(folder: string): void {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      this.add(path, readFileSync(path, "latin1"));
    }
  }

  get size(): number {
    return this.texts.length;
  }

  has(text: string): boolean {
    return this.texts.some(([, each]) => each.includes(text));
  }

  /** Where any of these stands, also as hex or base64. */
  find(hidden: string[]): string[] {
    const forms = hidden.flatMap((text) => {
      const bytes = Buffer.from(text);
      return [text, bytes.toString("hex"), bytes.toString("base64").replace(/.{0,2}=*$/, ""), encodeURIComponent(text)];
    });
    return this.texts.flatMap(([where, text]) => (forms.some((form) => text.includes(form)) ? [where] : []));
  }
}

/** The first event of a stream. */
async function firstEvent(address: string): Promise<string> {
  const stop = new AbortController();
  const reader = (await fetch(address, { signal: stop.signal })).body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("data:")) {
    const chunk = await reader?.read();
    if (!chunk || chunk.done) break;
    text += chunk.value;
  }
  stop.abort();
  return text;
}

async function readPlaylists(livehouse: LivehouseProcess, handle: string, into: Readable): Promise<void> {
  const address = `${livehouse.hlsUrl}/live/${handle}/index.m3u8`;
  const multivariant = await (await fetch(address)).text();
  into.add("multivariant playlist", multivariant);
  for (const line of multivariant.split("\n").filter((each) => each && !each.startsWith("#"))) {
    const media = await fetch(new URL(line, address));
    const text = await media.text();
    into.add("media playlist", text);
    const init = /EXT-X-MAP:URI="([^"]+)"/.exec(text)?.[1];
    if (init)
      into.add(
        "init section",
        Buffer.from(await (await fetch(new URL(init, media.url))).arrayBuffer()).toString("latin1"),
      );
  }
}

story(
  "neither a stream key, a password nor a secret can be read anywhere but in the owner's own key view",
  async () => {
    story.setTimeout(180_000);
    const directory = await mkdtemp(join(tmpdir(), "livehouse-secrets-"));
    const postgres = await startEmbeddedPostgres(directory);
    const livehouse = await LivehouseProcess.start({
      ...secrets,
      DATABASE_URL: postgres.url,
      LOG_LEVEL: "trace",
      PUBLIC_URL: site.origin,
      PUBLIC_HLS_URL: "https://cdn.tv.example",
      PUBLIC_RTMP_URL: "rtmp://ingest.tv.example/live",
    });
    const readable = new Readable();
    const base = livehouse.portalUrl;
    const call = (name: string, args: unknown[], cookie = "") => {
      const action = serverActions().find((each) => each.name === name);
      if (!action) throw new Error(`no action ${name}`);
      return postAction(base, action, args, { ...site, cookie });
    };
    try {
      const people = { owner: newHandle("own"), other: newHandle("oth"), admin: newHandle("adm") };
      const cookies: Record<string, string> = { visitor: "" };
      for (const [who, handle] of Object.entries(people)) {
        const password = passwords[who as keyof typeof passwords];
        await livehouse.createUser(handle, { password, role: who === "admin" ? "admin" : "user" });
        const form = { email: `${handle}@example.org`, password: wrongPassword };
        readable.addAnswer(`${who}: wrong password`, await call("(auth) signIn", [null, formOf(form)]));
        const answer = await call("(auth) signIn", [null, formOf({ ...form, password })]);
        for (const line of answer.setCookies)
          expect(line).toMatch(/^__Host-(?=.*Path=\/)(?=.*Secure)(?=.*HttpOnly)(?!.*Domain)/i);
        cookies[who] = cookiesOf(answer);
        readable.addAnswer(`${who}: signed in`, answer);
      }

      const issued = await call("(studio)/studio issueKey", [null, formOf({ label: "Desk" })], cookies.owner);
      const streamKey = /live_[0-9a-z]{26}/.exec(issued.body)?.[0] ?? "";
      const id = /"id":"([0-9a-f-]{36})"/.exec(issued.body)?.[1] ?? "";
      expect(streamKey).not.toBe("");
      const wrongKey = `live_${[...streamKey.slice(5)].reverse().join("")}`;
      for (const who of ["visitor", "other", "admin"]) {
        readable.addAnswer(`${who}: reveal`, await call("(studio)/studio revealKey", [id], cookies[who]));
      }
      expect((await call("(studio)/studio revealKey", [id], cookies.owner)).body).toContain(streamKey);

      const rtmp = { port: livehouse.info.ports.rtmp };
      const refused = await RtmpEncoder.publish(rtmp, wrongKey);
      expect(refused.outcome.kind).not.toBe("accepted");
      readable.add("the refusal", JSON.stringify(refused.outcome));
      refused.encoder.drop();
      const encoder = livehouse.publish(streamKey);
      await livehouse.untilLive(people.owner);

      const pages = [
        "/",
        `/c/${people.owner}`,
        `/embed/${people.owner}`,
        "/studio",
        "/studio/account",
        "/sign-in",
        "/no/such",
      ];
      const administration = [
        "/admin",
        "/admin/users",
        `/admin/keys?handle=${people.owner}`,
        "/admin/audit",
        "/admin/sign-up",
      ];
      for (const [who, cookie] of Object.entries(cookies)) {
        for (const path of [...pages, ...administration, "/api/live", "/api/auth/session", "/api/health"]) {
          for (const rsc of [{}, { rsc: "1" }]) {
            const answer = await ask(base, path, { headers: { ...site, cookie, ...rsc } });
            readable.addAnswer(`${who}: ${path} ${JSON.stringify(rsc)}`, answer);
          }
        }
      }
      readable.add("live events", await firstEvent(`${base}/api/live/events`));
      readable.add("channel events", await firstEvent(`${base}/api/channels/${people.owner}/events`));
      await readPlaylists(livehouse, people.owner, readable);
      for (const path of ["/metrics", "/healthz", "/sessions", "/"]) {
        readable.addAnswer(`control ${path}`, await ask(livehouse.controlUrl, path));
        readable.addAnswer(`origin ${path}`, await ask(livehouse.hlsUrl, path));
      }
      for (const { command } of await descendantsOf(livehouse.info.processId)) readable.add("a command line", command);

      // Of the host that a request names, nothing is shown where the addresses are set.
      for (const path of pages) {
        const headers = { host: "evil.example", "x-forwarded-host": "evil.example", cookie: cookies.owner ?? "" };
        const answer = await ask(base, path, { headers });
        expect(answer.body, path).not.toContain("evil.example");
        expect(answer.headers["strict-transport-security"], path).toBe("max-age=31536000");
        if (path === "/studio") expect(answer.body).toContain("rtmp://ingest.tv.example/live");
      }

      readable.addAnswer("the owner revokes", await call("(studio)/studio revokeKey", [id], cookies.owner));
      await encoder.endedWithin(15_000);
      readable.add("tables", await databaseText(postgres.url));
      await livehouse
        .cli("key", "list", people.owner)
        .then(({ stdout, stderr }) => readable.add("key list", stdout + stderr));
      readable.add("the log", livehouse.log());
      readable.addFolder(livehouse.info.dataDir);
      readable.addFolder(join(directory, "postgres", "cluster"));

      const hidden = [
        streamKey,
        streamKey.slice(5),
        wrongKey.slice(5),
        ...Object.values(secrets),
        ...Object.values(passwords),
        wrongPassword,
      ];
      expect(readable.find(hidden)).toEqual([]);
      // What was read is the right thing: the key's id, its owner and a publisher's log lines are in it.
      for (const known of [id, people.owner, '"level":20']) expect(readable.has(known), known).toBe(true);
      noteAttack("web", "places searched for keys, passwords and secrets", readable.size);
    } finally {
      await livehouse.stop();
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    }
  },
);
