import { findEmbeddedPostgres } from "./postgres";
import type { Settings } from "./settings";

export type DatabaseUrl =
  | { kind: "external"; url: string }
  | { kind: "embedded"; url: string }
  | { kind: "not-running" };

/** The database of these settings: the one of DATABASE_URL, or the embedded one that runs on DATA_DIR right now. */
export async function databaseUrlOf(settings: Pick<Settings, "DATABASE_URL" | "DATA_DIR">): Promise<DatabaseUrl> {
  if (settings.DATABASE_URL) return { kind: "external", url: settings.DATABASE_URL };
  const url = await findEmbeddedPostgres(settings.DATA_DIR);
  return url ? { kind: "embedded", url } : { kind: "not-running" };
}
