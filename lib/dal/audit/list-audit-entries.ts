import "server-only";
import { z } from "zod";
import { AppError } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import { requireAdministrator } from "@/lib/auth/require";
import { database } from "@/lib/db";
import type { AuditPage } from "./audit-entry";

const inputSchema = z.object({
  /** The `next` of the page before. */
  before: z.uuid().nullable().default(null),
});

const PAGE_SIZE = 50;

/** Who did what, newest first, a page at a time. @throws AppError invalid, sign-in-required, forbidden, database-unavailable */
export async function listAuditEntries(actor: Actor, input: z.input<typeof inputSchema> = {}): Promise<AuditPage> {
  requireAdministrator(actor);
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) throw new AppError("invalid", { field: "before" });
  const { before } = parsed.data;
  const rows = await database().auditEntry.findMany({
    orderBy: [{ at: "desc" }, { id: "desc" }],
    take: PAGE_SIZE + 1,
    ...(before ? { cursor: { id: before }, skip: 1 } : {}),
    select: {
      id: true,
      at: true,
      action: true,
      targetType: true,
      targetId: true,
      address: true,
      detail: true,
      actor: { select: { handle: true } },
    },
  });
  const entries = rows
    .slice(0, PAGE_SIZE)
    .map((row) => ({ ...row, at: row.at.toISOString(), actor: row.actor?.handle ?? null }));
  return { entries, next: rows.length > PAGE_SIZE ? (entries.at(-1)?.id ?? null) : null };
}
