import { setTimeout as wait } from "node:timers/promises";
import { Client, DatabaseError } from "pg";
import { PlainError } from "./plain-error";

const CONNECT_TIMEOUT_MS = 5000;
const RETRY_MS = 250;
/** The server is starting up, or shutting down. */
const NOT_YET = new Set(["57P03", "57P01"]);

/**
 * Connects to a database that may still be starting: keeps trying for `patienceMs`.
 * @throws PlainError that names the server, never the password
 */
export async function connectPatiently(databaseUrl: string, patienceMs = 20_000): Promise<Client> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
    // A connection that breaks rejects the running query; without a listener the event would end the process besides.
    client.on("error", () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      const isFinal = error instanceof DatabaseError && !NOT_YET.has(error.code ?? "");
      if (isFinal || Date.now() >= deadline) throw describeFailure(databaseUrl, error);
      await wait(RETRY_MS);
    }
  }
}

function describeFailure(databaseUrl: string, error: unknown): PlainError {
  const { host, pathname } = new URL(databaseUrl);
  const reason = error instanceof Error ? error.message || ("code" in error && error.code) : error;
  return new PlainError(
    `The database ${host}${pathname} cannot be used (${reason}): check DATABASE_URL and that server.`,
  );
}
