import "server-only";
import type { Database } from "@/lib/db";
import { LIVE_CHANGES_CHANNEL } from "@/lib/db/change-listener";

/** Tells every portal process that something about these channels changed, once the transaction is committed. */
export async function announceChange(db: Database, handles: string[]): Promise<void> {
  if (handles.length === 0) return;
  await db.$queryRaw`SELECT pg_notify(${LIVE_CHANGES_CHANNEL}, handle)::text FROM unnest(${handles}::text[]) AS handle`;
}
