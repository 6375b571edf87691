import { inject } from "vitest";

/** A migrated, empty database of one test file's own. */
export interface ThrowawayDatabase {
  url: string;
  /** Drops it; connections that are still open are cut. */
  drop(): Promise<void>;
}

/**
 * Makes a database for this test file: `beforeAll(async () => { database = await throwawayDatabase(); })`.
 * One real Postgres serves the whole run; it starts at the first call and ends with the run.
 */
export async function throwawayDatabase(): Promise<ThrowawayDatabase> {
  const { databaseName, url } = await ask("POST", "/databases");
  return {
    url,
    async drop() {
      await ask("DELETE", `/databases/${databaseName}`);
    },
  };
}

async function ask(method: string, path: string): Promise<{ databaseName: string; url: string }> {
  const response = await fetch(`${inject("throwawayDatabases")}${path}`, {
    method,
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok) throw new Error(`throwaway database: ${await response.text()}`);
  return response.json();
}
