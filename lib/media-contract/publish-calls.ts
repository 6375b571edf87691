import { z } from "zod";
import { endReasonSchema, rejectReasonSchema } from "./reasons";

// What media asks and reports, and what the portal answers. All three calls are POST, JSON and signed (signature.ts).

/** POST /api/media/on-publish: may this stream key go live? */
export const onPublishRequestSchema = z.object({
  /** One media process; a new one after every restart. */
  mediaBootId: z.uuid(),
  application: z.string().max(255),
  streamKey: z.string().max(255),
  remoteAddress: z.string().max(64),
  /** What the encoder calls itself (`flashVer`), for the studio. */
  encoder: z.string().max(128).nullable(),
});
export type OnPublishRequest = z.infer<typeof onPublishRequestSchema>;

export const onPublishAnswerSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("accepted"),
    /** The open live session of the channel is continued (reconnect, takeover); otherwise a new one. */
    liveSessionId: z.uuid(),
    /** 1 for the first connection of the live session, one more for each that continues it. */
    publishNumber: z.int().min(1),
    handle: z.string(),
    /** How long media may go on without a renewal. */
    leaseSeconds: z.int().positive(),
  }),
  z.object({ kind: z.literal("rejected"), reason: rejectReasonSchema, description: z.string() }),
]);
export type OnPublishAnswer = z.infer<typeof onPublishAnswerSchema>;

export const videoInfoSchema = z.object({
  codec: z.string().max(64),
  width: z.int().nonnegative(),
  height: z.int().nonnegative(),
  frameRate: z.number().nonnegative(),
});
export const audioInfoSchema = z.object({
  codec: z.string().max(64),
  sampleRate: z.int().nonnegative(),
  channels: z.int().nonnegative(),
});

export type VideoInfo = z.infer<typeof videoInfoSchema>;
export type AudioInfo = z.infer<typeof audioInfoSchema>;

/** One live session as media sees it; `live` from the first playable segment on. */
export const liveSessionReportSchema = z.object({
  liveSessionId: z.uuid(),
  publishNumber: z.int().min(1),
  state: z.enum(["pending", "live", "reconnecting"]),
  video: videoInfoSchema.nullable(),
  audio: audioInfoSchema.nullable(),
  bitrateKbps: z.int().nonnegative(),
  viewers: z.int().nonnegative(),
});
export type LiveSessionReport = z.infer<typeof liveSessionReportSchema>;

/** POST /api/media/on-update: everything this media process has on the air. Renews leases; sent every few seconds and at each change of state. */
export const onUpdateRequestSchema = z.object({
  mediaBootId: z.uuid(),
  /** Rises by one a call, so that a late call is told from a newer one. */
  sequence: z.int().nonnegative(),
  sessions: z.array(liveSessionReportSchema).max(10_000),
});
export type OnUpdateRequest = z.infer<typeof onUpdateRequestSchema>;

export const onUpdateAnswerSchema = z.object({
  sessions: z.array(
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("continue"), liveSessionId: z.uuid(), leaseSeconds: z.int().positive() }),
      z.object({ kind: z.literal("end"), liveSessionId: z.uuid(), reason: endReasonSchema }),
    ]),
  ),
});
export type OnUpdateAnswer = z.infer<typeof onUpdateAnswerSchema>;

/** POST /api/media/on-publish-end: a live session is over. Idempotent; an end older than the newest accepted connection is ignored. */
export const onPublishEndRequestSchema = z.object({
  mediaBootId: z.uuid(),
  liveSessionId: z.uuid(),
  publishNumber: z.int().min(1),
  reason: endReasonSchema,
});
export type OnPublishEndRequest = z.infer<typeof onPublishEndRequestSchema>;

export const onPublishEndAnswerSchema = z.object({ kind: z.enum(["ended", "already-ended", "ignored", "unknown"]) });
export type OnPublishEndAnswer = z.infer<typeof onPublishEndAnswerSchema>;
