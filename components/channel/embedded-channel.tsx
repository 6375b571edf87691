"use client";

import { LivePlayer } from "@/components/player/live-player";
import type { Channel } from "@/lib/dal/channel/channel";
import { useChannel } from "./use-channel";

/** The player alone, filling the frame of another site. */
export function EmbeddedChannel({ rendered }: { rendered: Channel }) {
  const { channel } = useChannel(rendered);
  return <LivePlayer channel={channel} className="h-dvh w-full" />;
}
