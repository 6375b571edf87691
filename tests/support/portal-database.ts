import { randomBytes, randomUUID } from "node:crypto";
import { type Media, type SignedIn, systemActor, type Visitor } from "@/lib/auth/actor";
import { closeLiveEvents } from "@/lib/dal/live/live-events";
import { issueStreamKey } from "@/lib/dal/stream-key/issue-stream-key";
import { createUser } from "@/lib/dal/user/create-user";
import { closeDatabase, database } from "@/lib/db";
import { FakeMediaControl } from "./fake-media-control";
import { throwawayDatabase } from "./throwaway-database";

const caller = { address: "192.0.2.7", hostName: "portal.test" };

export const visitor: Visitor = { kind: "visitor", ...caller };
export const media: Media = { kind: "media", address: "127.0.0.1", hostName: "127.0.0.1" };
export const PASSWORD = "correct horse battery";

export type OpenPortal = {
  databaseUrl: string;
  mediaSecret: string;
  mediaControl: FakeMediaControl;
  close(): Promise<void>;
};

/** The portal's verbs in this process, over a database of this test file's own and a media that obeys. Secrets are new each time. */
export async function openPortal(): Promise<OpenPortal> {
  const throwaway = await throwawayDatabase();
  const mediaSecret = randomBytes(32).toString("hex");
  const mediaControl = await FakeMediaControl.start(mediaSecret);
  Object.assign(process.env, {
    DATABASE_URL: throwaway.url,
    AUTH_SECRET: randomBytes(32).toString("hex"),
    MEDIA_SECRET: mediaSecret,
    KEY_SECRET: randomBytes(32).toString("hex"),
    MEDIA_CONTROL_URL: mediaControl.url,
    LOG_LEVEL: "silent",
  });
  return {
    databaseUrl: throwaway.url,
    mediaSecret,
    mediaControl,
    async close() {
      await closeLiveEvents();
      await closeDatabase();
      await mediaControl.stop();
      await throwaway.drop();
    },
  };
}

/** A new user, signed in. Without a name, of a new one. */
export async function makeUser(
  role: "user" | "admin" = "user",
  handle = `u${randomUUID().slice(0, 8)}`,
): Promise<SignedIn> {
  const outcome = await createUser(systemActor, { handle, email: `${handle}@example.com`, password: PASSWORD, role });
  if (outcome.kind === "invalid") throw new Error(`makeUser: ${JSON.stringify(outcome)}`);
  const user = await database().user.findUniqueOrThrow({ where: { handle }, select: { id: true } });
  return { kind: "user", userId: user.id, handle, role, sessionVersion: 1, ...caller };
}

/** A valid key of that user's channel. */
export async function makeKey(owner: SignedIn, label = "Studio"): Promise<{ id: string; streamKey: string }> {
  const outcome = await issueStreamKey(owner, { label });
  if (outcome.kind === "invalid") throw new Error(`makeKey: ${JSON.stringify(outcome)}`);
  return outcome.key;
}
