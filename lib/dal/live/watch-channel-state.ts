import "server-only";
import { AppError, isAppError } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import type { ChannelState } from "./channel-state";
import { liveEvents } from "./live-events";
import { playlistUrl } from "./playlist-url";
import { readChannel } from "./read-channel-state";

/**
 * A channel's state, now and at each change; public. The answer ends it. While the database is down it waits for it,
 * since a browser's EventSource gives up for good on an error. @throws AppError not-found, too-many-requests
 */
export async function watchChannelState(
  actor: Actor,
  input: { handle: string },
  heard: (state: ChannelState) => void,
): Promise<() => void> {
  const handle = input.handle.toLowerCase();
  if (!(await mayExist(handle))) throw new AppError("not-found");
  return liveEvents().subscribeChannel(handle, (state) => {
    if (state) heard({ ...state, playlistUrl: playlistUrl(actor, handle) });
  });
}

async function mayExist(handle: string): Promise<boolean> {
  if (!/^[a-z0-9_]{3,25}$/.test(handle)) return false;
  try {
    return (await readChannel(handle)) !== null;
  } catch (error) {
    if (isAppError(error, "database-unavailable")) return true;
    throw error;
  }
}
