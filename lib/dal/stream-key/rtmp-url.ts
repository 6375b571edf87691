import "server-only";
import type { Caller } from "@/lib/auth/actor";
import { env } from "@/lib/env";
import { RTMP_APPLICATION } from "@/lib/media-contract/playback-url";

/** The server address for the encoder of this caller: PUBLIC_RTMP_URL, else the host that the caller used. */
export function rtmpUrl(caller: Caller): string {
  const { PUBLIC_RTMP_URL, RTMP_PORT } = env();
  const base = PUBLIC_RTMP_URL ?? `rtmp://${caller.hostName}:${RTMP_PORT}`;
  return base.endsWith(`/${RTMP_APPLICATION}`) ? base : `${base}/${RTMP_APPLICATION}`;
}
