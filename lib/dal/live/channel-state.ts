import type { EndReason } from "@/lib/media-contract/reasons";

/** What anyone may know about a channel's broadcast. Dates are ISO 8601. */
export type ChannelState = {
  state: "offline" | "starting" | "live" | "reconnecting";
  startedAt: string | null;
  viewers: number;
  playlistUrl: string;
  /** Why the last broadcast ended, while offline. */
  endReason: EndReason | null;
  endedAt: string | null;
};
