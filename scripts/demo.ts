import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { isAppError } from "@/lib/app-error";
import { systemActor } from "@/lib/auth/actor";
import { type ConnectedLivehouse, connectEnvironment } from "./connect-environment";
import { type DemoEncoder, startDemoEncoder } from "./demo/demo-encoder";
import { FFMPEG_MISSING, findFfmpeg } from "./ffmpeg";
import { doneOrThrow } from "./livehouse/outcome";
import { PlainError, runScript } from "./plain-error";
import { readSettings } from "./settings";

const HANDLE = "demo";
const LIVE_TIMEOUT_MS = 30_000;

/** Makes the demo channel unless it is there. Its password is thrown away: nobody signs in as it. */
async function ensureChannel(): Promise<void> {
  const { createUser } = await import("@/lib/dal/user/create-user");
  const password = randomBytes(24).toString("base64url");
  const outcome = await createUser(systemActor, { handle: HANDLE, email: "demo@example.com", password, role: "user" });
  if (outcome.kind === "invalid" && outcome.fields.handle !== "handle-taken") doneOrThrow(outcome);
}

async function issueKey() {
  const { issueStreamKey } = await import("@/lib/dal/stream-key/issue-stream-key");
  return doneOrThrow(await issueStreamKey(systemActor, { handle: HANDLE, label: "npm run demo" })).key;
}

async function revokeKey(id: string): Promise<void> {
  const { revokeStreamKey } = await import("@/lib/dal/stream-key/revoke-stream-key");
  await revokeStreamKey(systemActor, { id });
}

async function isPlayable(playlistUrl: string): Promise<boolean> {
  const answer = await fetch(playlistUrl, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  return answer?.ok === true;
}

/** Shows the address as soon as the channel plays. */
async function announce({ portalUrl, hlsUrl }: ConnectedLivehouse, encoder: DemoEncoder): Promise<void> {
  const deadline = Date.now() + LIVE_TIMEOUT_MS;
  while (!(await isPlayable(`${hlsUrl}/live/${HANDLE}/index.m3u8`))) {
    if (encoder.hasEnded()) return;
    if (Date.now() > deadline) throw new PlainError(`The demo did not go live within ${LIVE_TIMEOUT_MS / 1000} s.`);
    await wait(100);
  }
  process.stdout.write(`Live at ${portalUrl}/c/${HANDLE} until you press Ctrl-C.\n`);
}

/** Resolves at the first Ctrl-C, SIGTERM or SIGHUP. */
function stopAsked(): Promise<"stop-asked"> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve("stop-asked"));
  });
}

async function main(): Promise<void> {
  const stop = stopAsked();
  const ffmpeg = await findFfmpeg(readSettings().FFMPEG_PATH);
  if (!ffmpeg) throw new PlainError(`${FFMPEG_MISSING}. The demo needs it.`);
  const livehouse = await connectEnvironment();
  const { closeDatabase } = await import("@/lib/db");
  try {
    await ensureChannel();
    const key = await issueKey();
    const encoder = startDemoEncoder(ffmpeg, `${livehouse.rtmpUrl}/${key.streamKey}`);
    try {
      await Promise.race([stop, announce(livehouse, encoder)]);
      const how = await Promise.race([stop, encoder.ended]);
      if (how !== "stop-asked") throw new PlainError(`The broadcast ended by itself: ${how.lastLine}`);
    } finally {
      await encoder.stop();
      await revokeKey(key.id);
    }
    process.stdout.write("The demo has ended; its key is revoked.\n");
  } catch (error) {
    if (isAppError(error, "database-unavailable")) throw new PlainError("Livehouse has stopped, and the demo with it.");
    throw error;
  } finally {
    await closeDatabase();
  }
}

runScript(main);
