import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import { isAdministrator, requireUser } from "@/lib/auth/require";
import { database } from "@/lib/db";
import { openStreamKey } from "./key-vault";
import type { StreamKey } from "./stream-key";

const inputSchema = z.object({ handle: z.string().max(300).optional() });
const MOST = 500;

/**
 * A channel's keys, newest first: the caller's own, or for administrators and the command line the named channel's,
 * without even the last letters. @throws AppError not-found, sign-in-required, database-unavailable
 */
export async function listStreamKeys(actor: Actor, input: z.input<typeof inputSchema> = {}): Promise<StreamKey[]> {
  const named = inputSchema.parse(input).handle?.toLowerCase();
  const ownHandle = actor.kind === "system" ? null : requireUser(actor).handle;
  const handle = named ?? ownHandle;
  const isOwner = handle === ownHandle;
  if (!handle || !(isOwner || isAdministrator(actor))) throw new AppError("not-found");
  const channel = await database().channel.findFirst({
    where: { owner: { handle } },
    select: {
      streamKeys: {
        orderBy: [{ createdAt: "desc" }, { id: "asc" }],
        take: MOST,
        include: { liveSessions: { where: { openChannelId: { not: null } }, select: { id: true } } },
        omit: { lookup: true },
      },
    },
  });
  if (!channel) throw new AppError("not-found");
  return channel.streamKeys.map((key) => ({
    id: key.id,
    label: key.label,
    masked: `live_••••${isOwner ? (openStreamKey(key.sealed, key.id)?.slice(-4) ?? "") : ""}`,
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    lastUsedAddress: key.lastUsedAddress,
    isLive: key.liveSessions.length > 0,
  }));
}
