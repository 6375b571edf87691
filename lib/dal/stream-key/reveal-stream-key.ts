import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import { requireUser } from "@/lib/auth/require";
import { database } from "@/lib/db";
import { openStreamKey } from "./key-vault";
import { rtmpUrl } from "./rtmp-url";
import type { RevealedStreamKey } from "./stream-key";

const inputSchema = z.object({ id: z.uuid() });

/** The secret of a valid key, to its owner only. @throws AppError not-found, sign-in-required, conflict (KEY_SECRET has changed), database-unavailable */
export async function revealStreamKey(actor: Actor, input: z.input<typeof inputSchema>): Promise<RevealedStreamKey> {
  const { userId } = requireUser(actor);
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) throw new AppError("not-found");
  const key = await database().streamKey.findFirst({
    where: { id: parsed.data.id, revokedAt: null, channel: { ownerId: userId } },
    select: { id: true, label: true, sealed: true },
  });
  if (!key) throw new AppError("not-found");
  const streamKey = openStreamKey(key.sealed, key.id);
  if (!streamKey) throw new AppError("conflict");
  return { id: key.id, label: key.label, streamKey, rtmpUrl: rtmpUrl(actor) };
}
