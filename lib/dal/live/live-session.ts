import type { AudioInfo, VideoInfo } from "@/lib/media-contract/publish-calls";

/** An open live session, for administrators and the command line. */
export type LiveSession = {
  liveSessionId: string;
  handle: string;
  /** First playable segment; null while pending. */
  startedAt: string | null;
  viewers: number;
  video: VideoInfo | null;
  audio: AudioInfo | null;
  bitrateKbps: number;
  state: "starting" | "live" | "reconnecting";
  encoder: string | null;
  remoteAddress: string;
};
