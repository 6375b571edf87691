import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { SignedIn } from "@/lib/auth/actor";
import { updateChannelTitle } from "@/lib/dal/channel/update-channel-title";
import { endEventStreams } from "@/lib/dal/live/event-stream";
import { acceptPublish } from "@/lib/dal/publish/accept-publish";
import { updateLiveSessions } from "@/lib/dal/publish/update-live-sessions";
import { revokeStreamKey } from "@/lib/dal/stream-key/revoke-stream-key";
import { database } from "@/lib/db";
import { makeKey, makeUser, media, type OpenPortal, openPortal } from "@/tests/support/portal-database";
import { until } from "@/tests/support/until";
import { GET as channelEvents } from "./channels/[handle]/events/route";
import { GET as health } from "./health/route";
import { GET as liveEvents } from "./live/events/route";
import { GET as live } from "./live/route";

let portal: OpenPortal;
let owner: SignedIn;
const opened: AbortController[] = [];

beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal?.close());
beforeEach(async () => {
  for (const controller of opened.splice(0)) controller.abort();
  await database().liveSession.deleteMany();
  owner = await makeUser();
});

type Events = { data: unknown[]; text: string; isOver: boolean; response: Response };

/** Reads a stream of events as they come. */
function read(response: Response): Events {
  const events: Events = { data: [], text: "", isOver: false, response };
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  void (async () => {
    for (;;) {
      const chunk = await reader?.read();
      if (!chunk || chunk.done) break;
      events.text += chunk.value;
      events.data = [...events.text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json ?? "null"));
    }
    events.isOver = true;
  })();
  return events;
}

function requestOf(path: string): Request {
  const controller = new AbortController();
  opened.push(controller);
  return new Request(`http://portal.test:3000${path}`, {
    signal: controller.signal,
    headers: { host: "portal.test:3000" },
  });
}

async function watchLive(): Promise<Events> {
  return read(await liveEvents(requestOf("/api/live/events")));
}

async function watchChannel(handle: string): Promise<Events> {
  const context = { params: Promise.resolve({ handle }) };
  return read(await channelEvents(requestOf(`/api/channels/${handle}/events`), context));
}

const last = (events: Events) => events.data.at(-1);
const stateIs = (events: Events, state: string) => () =>
  (last(events) as { state?: string } | undefined)?.state === state;

async function goLive(streamKey: string): Promise<void> {
  const mediaBootId = randomUUID();
  const answer = await acceptPublish(media, {
    mediaBootId,
    application: "live",
    streamKey,
    remoteAddress: "::1",
    encoder: null,
  });
  if (answer.kind !== "accepted") throw new Error(answer.reason);
  const { liveSessionId, publishNumber } = answer;
  const session = { liveSessionId, publishNumber, video: null, audio: null, bitrateKbps: 1, viewers: 0 };
  await updateLiveSessions(media, { mediaBootId, sequence: 1, sessions: [{ ...session, state: "live" }] });
}

it("a channel's page hears of start, live and end within a second each, without asking", async () => {
  const key = await makeKey(owner);
  const events = await watchChannel(owner.handle);
  await until("the state on connect", stateIs(events, "offline"));
  await goLive(key.streamKey);
  await until("live", stateIs(events, "live"), { timeoutMs: 1_000 });
  expect(last(events)).toMatchObject({ playlistUrl: `http://portal.test:8000/live/${owner.handle}/index.m3u8` });
  await revokeStreamKey(owner, { id: key.id });
  await until("the end", stateIs(events, "offline"), { timeoutMs: 1_000 });
  expect(last(events)).toMatchObject({ endReason: "key-revoked" });
  expect(events.text).not.toContain(key.streamKey);
});

it("the home page hears who is live, and of a new title", async () => {
  const key = await makeKey(owner);
  const events = await watchLive();
  await until("the list on connect", () => last(events));
  expect(last(events)).toEqual([]);
  await goLive(key.streamKey);
  await until("the channel in the list", () => (last(events) as unknown[]).length === 1, { timeoutMs: 1_000 });
  await updateChannelTitle(owner, { title: "New title" });
  await until("the title", () => JSON.stringify(last(events)).includes("New title"), { timeoutMs: 1_000 });
  // The list, the channel in it, the title: each once.
  expect(events.data).toHaveLength(3);
  const answer = await live(requestOf("/api/live"));
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(await answer.json()).toEqual(last(events));
});

it("says how long to wait before coming back, and asks caches and proxies to keep out of it", async () => {
  const events = await watchLive();
  expect(events.response.headers.get("content-type")).toMatch(/^text\/event-stream/);
  expect(events.response.headers.get("cache-control")).toBe("no-store, no-transform");
  await until("the first event", () => last(events));
  expect(events.text.startsWith("retry: 1000\n\n")).toBe(true);
});

it("a channel that doesn't exist answers 404", async () => {
  for (const handle of ["nobody_here", "..%2f", "x".repeat(300)]) {
    const context = { params: Promise.resolve({ handle }) };
    const response = await channelEvents(requestOf("/api/channels/x/events"), context);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: "not-found" });
  }
});

it("pages that go away are forgotten; streams end when the process is told to stop", async () => {
  const gone = await watchLive();
  const stays = await watchLive();
  await until("both connected", () => last(gone) && last(stays));
  opened[0]?.abort();
  await until("the first to end", () => gone.isOver);
  expect(stays.isOver).toBe(false);
  endEventStreams();
  await until("the second to end", () => stays.isOver);
});

it("survives the loss of every database connection: what happened meanwhile is told afterwards", async () => {
  const key = await makeKey(owner);
  const events = await watchChannel(owner.handle);
  await until("the state on connect", stateIs(events, "offline"));
  const pg = await import("pg");
  const other = new pg.default.Client({ connectionString: portal.databaseUrl });
  await other.connect();
  await other.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
  );
  await other.end();
  await until("going live over new connections", async () => {
    await goLive(key.streamKey);
    return true;
  });
  await until("live", stateIs(events, "live"));
  expect((await health(requestOf("/api/health"))).status).toBe(200);
});
