import { z } from "zod";
import { endReasonSchema } from "./reasons";

// What the portal tells media on its private control port. Signed (signature.ts), except GET /healthz and GET /metrics.

/** POST /disconnect: cut this live session's publisher now and end its playlists. Idempotent. */
export const disconnectRequestSchema = z.object({ liveSessionId: z.uuid(), reason: endReasonSchema });
export type DisconnectRequest = z.infer<typeof disconnectRequestSchema>;

/** `not-here`: media has no such session now, and will refuse it should its verdict still be on the way. */
export const disconnectAnswerSchema = z.object({ kind: z.enum(["disconnected", "not-here"]) });
export type DisconnectAnswer = z.infer<typeof disconnectAnswerSchema>;
