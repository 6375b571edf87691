import type { EndReason } from "@/lib/media-contract/reasons";

/** What the portal says of a channel; the shape of `/api/channels/HANDLE/events`. */
export type ChannelReport = {
  state: "offline" | "starting" | "live" | "reconnecting";
  startedAt: string | null;
  endReason: EndReason | null;
  endedAt: string | null;
};

/** `codec`: this browser has no decoder. `network`: nothing arrives. `media`: what arrived could not be played. */
export type PlaybackFault = "codec" | "network" | "media";

/** What a viewer is told, in words. */
export type PlayerPhase = "offline" | "starting" | "live" | "reconnecting" | "ended" | "error";

export type PlayerState = {
  phase: PlayerPhase;
  /** Why the broadcast that was watched here ended. */
  endReason: EndReason | null;
  fault: PlaybackFault | null;
  /** The video should be loaded, or go on loading. */
  wantsPlayback: boolean;
  /** Rises with each broadcast that has to be loaded anew. */
  loadNumber: number;
  /** A frame of this broadcast has been shown. */
  hasPicture: boolean;
  /** Frames are moving now. */
  isPlaying: boolean;
  /** The broadcast is over and what is buffered still plays. */
  isDraining: boolean;
};

export type PlayerEvent =
  | { kind: "channel-reported"; report: ChannelReport }
  | { kind: "picture-moved" }
  | { kind: "picture-stalled" }
  | { kind: "buffer-drained" }
  | { kind: "playback-failed"; fault: PlaybackFault };

/** Ends that a viewer may see to the last frame; every other one is a withdrawal and takes the picture at once. */
const gentleEnds: ReadonlySet<EndReason> = new Set(["encoder-stopped", "encoder-lost"]);

const still = { fault: null, wantsPlayback: false, hasPicture: false, isPlaying: false, isDraining: false } as const;

/** Before the first report, from what the page was rendered with. Nothing was watched here yet, so an old end is just "offline". */
export function firstPlayerState(report: ChannelReport): PlayerState {
  const offline: PlayerState = { phase: "offline", endReason: null, loadNumber: 0, ...still };
  return report.state === "offline" ? offline : onAir(offline, report.state);
}

/** The state after an event. Pure; equal states are the same object, so that nothing is rendered for nothing. */
export function nextPlayerState(state: PlayerState, event: PlayerEvent): PlayerState {
  switch (event.kind) {
    case "channel-reported":
      return event.report.state === "offline" ? offAir(state, event.report) : onAir(state, event.report.state);
    case "picture-moved":
      return pictureMoved(state);
    case "picture-stalled":
      return state.isPlaying ? { ...state, isPlaying: false } : state;
    case "buffer-drained":
      return state.isDraining ? { ...state, ...still, phase: "ended" } : state;
    case "playback-failed":
      return playbackFailed(state, event.fault);
  }
}

function onAir(state: PlayerState, said: "starting" | "live" | "reconnecting"): PlayerState {
  // Nothing can be loaded yet, and asking again and again would only come late: the report that it is live comes at once.
  if (said === "starting" && (!state.wantsPlayback || state.isDraining)) {
    return state.phase === said ? state : { ...state, ...still, phase: said, endReason: null };
  }
  const phase = state.fault ? "error" : said;
  if (state.wantsPlayback && !state.isDraining && state.phase === phase) return state;
  const isSame = state.wantsPlayback && !state.isDraining;
  const kept = isSame ? state : { ...state, ...still, loadNumber: state.loadNumber + 1 };
  return { ...kept, phase, endReason: null, wantsPlayback: true };
}

function offAir(state: PlayerState, report: ChannelReport): PlayerState {
  if (state.phase === "offline" || state.phase === "ended" || state.isDraining) return state;
  const ended = { ...state, ...still, phase: "ended", endReason: report.endReason } as const;
  const isGentle = report.endReason !== null && gentleEnds.has(report.endReason);
  if (!isGentle || !state.isPlaying) return ended;
  return { ...state, isDraining: true, endReason: report.endReason };
}

function pictureMoved(state: PlayerState): PlayerState {
  if (!state.wantsPlayback || (state.isPlaying && state.hasPicture && !state.fault)) return state;
  const phase = state.phase === "error" ? "live" : state.phase;
  return { ...state, phase, fault: null, hasPicture: true, isPlaying: true };
}

function playbackFailed(state: PlayerState, fault: PlaybackFault): PlayerState {
  if (!state.wantsPlayback || state.fault === fault) return state;
  if (state.isDraining) return { ...state, ...still, phase: "ended" };
  // While the channel is starting or its encoder is away, a missing playlist is no news: the words for that are better.
  if (fault !== "codec" && state.phase !== "live" && state.phase !== "error") return { ...state, isPlaying: false };
  return { ...state, phase: "error", fault, isPlaying: false };
}
