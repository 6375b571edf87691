import "server-only";
import { AppError } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import { playlistUrl } from "../live/playlist-url";
import { readChannel } from "../live/read-channel-state";
import type { Channel } from "./channel";

/** A channel's page; public. @throws AppError not-found, database-unavailable */
export async function getChannel(actor: Actor, input: { handle: string }): Promise<Channel> {
  const row = await readChannel(input.handle.toLowerCase());
  if (!row) throw new AppError("not-found");
  const { state, ...channel } = row;
  return { ...channel, ...state, playlistUrl: playlistUrl(actor, channel.handle) };
}
