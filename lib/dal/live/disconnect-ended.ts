import "server-only";
import type { EndReason } from "@/lib/media-contract/reasons";
import { disconnectPublisher } from "@/lib/media-control/disconnect-publisher";
import type { EndedSession } from "./end-open-sessions";

/**
 * Has media cut the publishers of sessions that are already ended in the database. Takes 2 s at most; should media not
 * answer, its next report is answered with the end.
 */
export async function disconnectEnded(ended: EndedSession[], reason: EndReason): Promise<void> {
  await Promise.all(ended.map(({ liveSessionId }) => disconnectPublisher({ liveSessionId, reason })));
}
