import "server-only";
import type { Caller } from "@/lib/auth/actor";
import { env } from "@/lib/env";
import { playlistPath } from "@/lib/media-contract/playback-url";

/** A channel's playlist as this caller reaches it: below PUBLIC_HLS_URL, else on the host that the caller used. */
export function playlistUrl(caller: Caller, handle: string): string {
  const { PUBLIC_HLS_URL, MEDIA_PORT } = env();
  return `${PUBLIC_HLS_URL ?? `http://${caller.hostName}:${MEDIA_PORT}`}${playlistPath(handle)}`;
}
