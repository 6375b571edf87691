"use client";

import { useMemo } from "react";
import { useEvents } from "@/components/live/use-events";
import type { Channel } from "@/lib/dal/channel/channel";
import type { ChannelState } from "@/lib/dal/live/channel-state";

/** A channel as it is now: what the page was rendered with, and every state since. */
export function useChannel(rendered: Channel): { channel: Channel; isLost: boolean } {
  const { data, isLost } = useEvents<ChannelState>(`/api/channels/${rendered.handle}/events`, "state", rendered);
  const channel = useMemo(() => ({ ...rendered, ...data }), [rendered, data]);
  return { channel, isLost };
}
