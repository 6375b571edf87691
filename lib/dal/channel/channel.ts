import type { ChannelState } from "../live/channel-state";

/** A channel's page. */
export type Channel = { handle: string; displayName: string; title: string } & ChannelState;
