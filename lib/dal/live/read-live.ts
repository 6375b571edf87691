import "server-only";
import { database } from "@/lib/db";
import type { LiveChannel } from "./live-channel";

/** A live channel before an address for a certain caller is put to it. */
export type LiveRow = Omit<LiveChannel, "playlistUrl">;

const MOST = 200;

/** Channels on the air, most watched first, 200 at most. One whose encoder is away for a moment still counts. */
export async function readLive(): Promise<LiveRow[]> {
  const rows = await database().liveSession.findMany({
    where: {
      openChannelId: { not: null },
      state: { in: ["LIVE", "RECONNECTING"] },
      startedAt: { not: null },
      leaseExpiresAt: { gt: new Date() },
    },
    orderBy: [{ viewers: "desc" }, { startedAt: "desc" }, { id: "asc" }],
    take: MOST,
    select: {
      startedAt: true,
      viewers: true,
      channel: { select: { title: true, owner: { select: { handle: true, displayName: true } } } },
    },
  });
  return rows.flatMap(({ startedAt, viewers, channel }) =>
    startedAt ? [{ ...channel.owner, title: channel.title, startedAt: startedAt.toISOString(), viewers }] : [],
  );
}
