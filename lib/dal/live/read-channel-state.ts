import "server-only";
import { database, type Prisma } from "@/lib/db";
import { endReasonSchema } from "@/lib/media-contract/reasons";
import type { ChannelState } from "./channel-state";

/** A channel's state before an address for a certain caller is put to it. */
export type StateRow = Omit<ChannelState, "playlistUrl">;

const newestSession = {
  orderBy: { createdAt: "desc" },
  take: 1,
  select: {
    openChannelId: true,
    state: true,
    startedAt: true,
    viewers: true,
    endReason: true,
    endedAt: true,
  },
} satisfies Prisma.Channel$liveSessionsArgs;

/** Title, names and state of the channel of that handle; null when there is none. */
export async function readChannel(handle: string) {
  const user = await database().user.findUnique({
    where: { handle },
    select: { handle: true, displayName: true, channel: { select: { title: true, liveSessions: newestSession } } },
  });
  if (!user?.channel) return null;
  const { title, liveSessions } = user.channel;
  return { handle: user.handle, displayName: user.displayName, title, state: stateOf(liveSessions[0]) };
}

type Newest = {
  openChannelId: string | null;
  state: "PENDING" | "LIVE" | "RECONNECTING" | "ENDED";
  startedAt: Date | null;
  viewers: number;
  endReason: string | null;
  endedAt: Date | null;
};

function stateOf(session: Newest | undefined): StateRow {
  if (!session) return { state: "offline", startedAt: null, viewers: 0, endReason: null, endedAt: null };
  if (!session.openChannelId) {
    const endReason = endReasonSchema.safeParse(session.endReason).data ?? null;
    const endedAt = session.endedAt?.toISOString() ?? null;
    return { state: "offline", startedAt: null, viewers: 0, endReason, endedAt };
  }
  const startedAt = session.startedAt?.toISOString() ?? null;
  const state = !startedAt ? "starting" : session.state === "LIVE" ? "live" : "reconnecting";
  return { state, startedAt, viewers: session.viewers, endReason: null, endedAt: null };
}
