import "server-only";
import { database } from "@/lib/db";
import type { LiveChannel } from "./live-channel";

/** A live channel before an address for a certain caller is put to it. */
export type LiveRow = Omit<LiveChannel, "playlistUrl">;

const MOST = 200;

/**
 * Channels that can be watched, most watched first, 200 at most. One whose encoder is away for a moment still counts, one
 * that media has lost does not. Time is for the sweep to judge, by the database's clock.
 */
export async function readLive(): Promise<LiveRow[]> {
  const rows = await database().liveSession.findMany({
    where: {
      openChannelId: { not: null },
      state: { in: ["LIVE", "RECONNECTING"] },
      startedAt: { not: null },
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
