import "server-only";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { AppError, type FormOutcome } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import { requireUser } from "@/lib/auth/require";
import { type Transaction, transaction } from "@/lib/db";
import { oneLine } from "../one-line";
import { writeAudit } from "../write-audit";
import { lookupOf, makeStreamKey, sealStreamKey } from "./key-vault";
import { rtmpUrl } from "./rtmp-url";
import type { RevealedStreamKey } from "./stream-key";

const MOST_KEYS = 50;

const inputSchema = z.object({
  label: z.string().max(4000),
  /** Whose channel; only the command line names another than the caller's. */
  handle: z.string().max(300).optional(),
  /** ISO 8601; null: until revoked. */
  expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
});

/** Makes a stream key for the caller's own channel; the command line, for any. @throws AppError not-found, sign-in-required, database-unavailable */
export async function issueStreamKey(
  actor: Actor,
  input: z.input<typeof inputSchema>,
): Promise<FormOutcome<{ key: RevealedStreamKey }>> {
  const handle = actor.kind === "system" ? input.handle?.toLowerCase() : requireUser(actor).handle;
  if (!handle || (input.handle !== undefined && input.handle.toLowerCase() !== handle)) throw new AppError("not-found");
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return { kind: "invalid", fields: { expiresAt: "expiry-invalid" } };
  const label = oneLine(parsed.data.label);
  if (!label) return { kind: "invalid", fields: { label: "label-missing" } };
  if ([...label].length > 60) return { kind: "invalid", fields: { label: "label-too-long" } };
  const expiresAt = parsed.data.expiresAt ? new Date(parsed.data.expiresAt) : null;
  if (expiresAt && expiresAt.getTime() <= Date.now()) {
    return { kind: "invalid", fields: { expiresAt: "expiry-invalid" } };
  }
  const id = randomUUID();
  const streamKey = makeStreamKey();
  const isIssued = await transaction(async (tx) => {
    const channelId = await lockChannel(tx, handle);
    if ((await tx.streamKey.count({ where: { channelId, revokedAt: null } })) >= MOST_KEYS) return false;
    await tx.streamKey.create({
      data: { id, channelId, label, lookup: lookupOf(streamKey), sealed: sealStreamKey(streamKey, id), expiresAt },
      select: { id: true },
    });
    await writeAudit(tx, actor, {
      action: "stream-key.issue",
      targetType: "stream-key",
      targetId: id,
      detail: { handle, label },
    });
    return true;
  });
  if (!isIssued) return { kind: "invalid", fields: {}, form: "too-many-keys" };
  return { kind: "done", key: { id, label, streamKey, rtmpUrl: rtmpUrl(actor) } };
}

// Locked, so that calls at once can't pass the limit together.
async function lockChannel(tx: Transaction, handle: string): Promise<string> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT c.id::text AS id FROM channels c JOIN users u ON u.id = c.owner_id WHERE u.handle = ${handle} FOR UPDATE OF c`;
  if (!rows[0]) throw new AppError("not-found");
  return rows[0].id;
}
