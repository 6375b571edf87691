import { notFound } from "next/navigation";
import { cache } from "react";
import { isAppError } from "@/lib/app-error";
import { currentActor } from "@/lib/auth/current-actor";
import type { Channel } from "@/lib/dal/channel/channel";
import { getChannel } from "@/lib/dal/channel/get-channel";

/** The channel of a page's address, asked once a request; no such channel is the "not found" page. */
export const foundChannel = cache(async (handle: string): Promise<Channel> => {
  try {
    return await getChannel(await currentActor(), { handle: decodeURIComponent(handle) });
  } catch (error) {
    if (isAppError(error, "not-found") || isAppError(error, "invalid") || error instanceof URIError) notFound();
    throw error;
  }
});
