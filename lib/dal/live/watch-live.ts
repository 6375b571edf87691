import "server-only";
import type { Actor } from "@/lib/auth/actor";
import type { LiveChannel } from "./live-channel";
import { liveEvents } from "./live-events";
import { playlistUrl } from "./playlist-url";

/** Who is live, now and at each change; public. The answer ends it. @throws AppError too-many-requests */
export function watchLive(actor: Actor, heard: (channels: LiveChannel[]) => void): () => void {
  return liveEvents().subscribeLive((rows) =>
    heard(rows.map((row) => ({ ...row, playlistUrl: playlistUrl(actor, row.handle) }))),
  );
}
