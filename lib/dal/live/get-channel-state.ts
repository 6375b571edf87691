import "server-only";
import { AppError } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import type { ChannelState } from "./channel-state";
import { playlistUrl } from "./playlist-url";
import { readChannel } from "./read-channel-state";

/** What a channel's broadcast is doing; public. @throws AppError not-found, database-unavailable */
export async function getChannelState(actor: Actor, input: { handle: string }): Promise<ChannelState> {
  const handle = input.handle.toLowerCase();
  const channel = await readChannel(handle);
  if (!channel) throw new AppError("not-found");
  return { ...channel.state, playlistUrl: playlistUrl(actor, handle) };
}
