import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import { requireAdministrator, requireUser } from "@/lib/auth/require";
import { transaction } from "@/lib/db";
import type { EndReason } from "@/lib/media-contract/reasons";
import { writeAudit } from "../write-audit";
import { disconnectEnded } from "./disconnect-ended";
import { type EndedSession, endOpenSessions, type OpenSessionsOf } from "./end-open-sessions";

const inputSchema = z.union([z.object({ liveSessionId: z.uuid() }), z.object({ own: z.literal(true) })]);

/**
 * Ends a live session: any one for administrators and the command line, the own channel's for its owner. Ending one that
 * is over already is no fault. @throws AppError not-found, sign-in-required, forbidden, database-unavailable
 */
export async function disconnectLiveSession(actor: Actor, input: z.input<typeof inputSchema>): Promise<void> {
  if ("own" in input) return end(actor, { ownerId: requireUser(actor).userId }, "ended-by-streamer");
  requireAdministrator(actor);
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success || !("liveSessionId" in parsed.data)) throw new AppError("not-found");
  return end(actor, parsed.data, "ended-by-administrator");
}

async function end(actor: Actor, which: OpenSessionsOf, reason: EndReason): Promise<void> {
  const ended = await transaction(async (tx): Promise<EndedSession[]> => {
    const sessions = await endOpenSessions(tx, which, reason);
    for (const { liveSessionId, handle } of sessions) {
      await writeAudit(tx, actor, {
        action: "live-session.end",
        targetType: "live-session",
        targetId: liveSessionId,
        detail: { handle, reason },
      });
    }
    if (sessions.length === 0 && "liveSessionId" in which) {
      const known = await tx.liveSession.count({ where: { id: which.liveSessionId } });
      if (known === 0) throw new AppError("not-found");
    }
    return sessions;
  });
  await disconnectEnded(ended, reason);
}
