import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { requireAdministrator } from "@/lib/auth/require";
import { database } from "@/lib/db";
import { audioInfoSchema, videoInfoSchema } from "@/lib/media-contract/publish-calls";
import type { LiveSession } from "./live-session";

const MOST = 1_000;
const stateOf = { PENDING: "reconnecting", LIVE: "live", RECONNECTING: "reconnecting", ENDED: "reconnecting" } as const;

/** Every open live session, oldest first, 1,000 at most. @throws AppError sign-in-required, forbidden, database-unavailable */
export async function listLiveSessions(actor: Actor): Promise<LiveSession[]> {
  requireAdministrator(actor);
  const rows = await database().liveSession.findMany({
    where: { openChannelId: { not: null } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: MOST,
    select: {
      id: true,
      state: true,
      startedAt: true,
      viewers: true,
      video: true,
      audio: true,
      bitrateKbps: true,
      encoder: true,
      remoteAddress: true,
      channel: { select: { owner: { select: { handle: true } } } },
    },
  });
  return rows.map((row) => ({
    liveSessionId: row.id,
    handle: row.channel.owner.handle,
    startedAt: row.startedAt?.toISOString() ?? null,
    viewers: row.viewers,
    video: videoInfoSchema.safeParse(row.video).data ?? null,
    audio: audioInfoSchema.safeParse(row.audio).data ?? null,
    bitrateKbps: row.bitrateKbps,
    state: row.startedAt ? stateOf[row.state] : "starting",
    encoder: row.encoder,
    remoteAddress: row.remoteAddress,
  }));
}
