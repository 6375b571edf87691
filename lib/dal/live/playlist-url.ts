import "server-only";
import type { Caller } from "@/lib/auth/actor";
import { env } from "@/lib/env";
import { playlistPath } from "@/lib/media-contract/playback-url";

/** The HLS origin as this caller reaches it: PUBLIC_HLS_URL, else the host that the caller used. Without a trailing slash. */
export function hlsAddress(caller: Caller): string {
  const { PUBLIC_HLS_URL, MEDIA_PORT } = env();
  return PUBLIC_HLS_URL ?? `http://${caller.hostName}:${MEDIA_PORT}`;
}

/** A channel's playlist below that address. */
export function playlistUrl(caller: Caller, handle: string): string {
  return `${hlsAddress(caller)}${playlistPath(handle)}`;
}
