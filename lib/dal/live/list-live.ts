import "server-only";
import type { Actor } from "@/lib/auth/actor";
import type { LiveChannel } from "./live-channel";
import { playlistUrl } from "./playlist-url";
import { readLive } from "./read-live";

/** Who is live; public. @throws AppError database-unavailable */
export async function listLive(actor: Actor): Promise<LiveChannel[]> {
  return (await readLive()).map((row) => ({ ...row, playlistUrl: playlistUrl(actor, row.handle) }));
}
