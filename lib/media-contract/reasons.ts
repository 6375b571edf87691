import { z } from "zod";

/** Why a publisher was refused before `NetStream.Publish.Start`. */
export const rejectReasonSchema = z.enum([
  "unknown-key",
  "revoked-key",
  "expired-key",
  "banned-owner",
  "wrong-application",
  "too-many-attempts",
  "portal-unreachable",
  "server-busy",
]);
export type RejectReason = z.infer<typeof rejectReasonSchema>;

/** What the encoder is told; ffmpeg and most hardware encoders show it word for word. */
export const rejectDescriptions: Record<RejectReason, string> = {
  "unknown-key": "This stream key is not known here. Copy it again from the studio.",
  "revoked-key": "This stream key was revoked. Issue a new one in the studio.",
  "expired-key": "This stream key has expired. Issue a new one in the studio.",
  "banned-owner": "This account may not stream here.",
  "wrong-application": "Wrong server address: it must end in /live.",
  "too-many-attempts": "Too many attempts from this address. Wait a minute and try again.",
  "portal-unreachable": "The server cannot check stream keys right now. Try again in a moment.",
  "server-busy": "The server is at its limit of broadcasts. Try again later.",
};

/** Why a live session ended. */
export const endReasonSchema = z.enum([
  "encoder-stopped",
  "encoder-lost",
  "key-revoked",
  "owner-banned",
  "ended-by-streamer",
  "ended-by-administrator",
  "lease-expired",
  "media-restarted",
  "no-key-frames",
  "unsupported-codec",
  "invalid-media",
  "bit-rate-exceeded",
  "picture-too-large",
  "frame-rate-too-high",
  "server-shutdown",
]);
export type EndReason = z.infer<typeof endReasonSchema>;
