import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import { AppError } from "./app-error";
import { env } from "./env";
import { Prisma, PrismaClient } from "./generated/prisma/client";
import { log } from "./log";

export { Prisma };

const CONNECT_TIMEOUT_MS = 2_000;
const STATEMENT_TIMEOUT_MS = 5_000;

function makeClient() {
  const adapter = new PrismaPg({
    connectionString: env().DATABASE_URL,
    max: 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // The server's own limit should speak first; this one is for a server that no longer answers.
    query_timeout: STATEMENT_TIMEOUT_MS + 1_000,
    idle_in_transaction_session_timeout: 2 * STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    application_name: "livehouse-portal",
  });
  // minimal: the longer form prints what a query was given, and that is nobody's business in a log.
  return new PrismaClient({ adapter, errorFormat: "minimal" }).$extends({
    query: {
      $allOperations: async ({ args, query }) => {
        try {
          return await query(args);
        } catch (error) {
          throw toAppError(error);
        }
      },
    },
  });
}

type Client = ReturnType<typeof makeClient>;
/** A transaction's client. */
export type Transaction = Parameters<Parameters<Client["$transaction"]>[0]>[0];
/** The database, inside a transaction or outside of one. */
export type Database = Client | Transaction;

// In development every reload evaluates this module again; the pool must outlive that.
const holder = globalThis as { livehouseDatabase?: Client };

/** The one client of this process. Connects at the first query and again after every loss of the server. */
export function database(): Client {
  holder.livehouseDatabase ??= makeClient();
  return holder.livehouseDatabase;
}

/** Ends the pool; for the command line and tests. */
export async function closeDatabase(): Promise<void> {
  const client = holder.livehouseDatabase;
  delete holder.livehouseDatabase;
  await client?.$disconnect();
}

const TRANSACTION_ATTEMPTS = 5;

/**
 * Runs `work` in one transaction (READ COMMITTED), again when Postgres reports a deadlock or a serialization failure.
 * `work` must do nothing but query. @throws AppError database-unavailable
 */
export async function transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database().$transaction(work, { maxWait: CONNECT_TIMEOUT_MS, timeout: 2 * STATEMENT_TIMEOUT_MS });
    } catch (error) {
      if (attempt >= TRANSACTION_ATTEMPTS || !isRetryable(error)) throw toAppError(error);
    }
  }
}

function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let at: unknown = error, depth = 0; at && typeof at === "object" && depth < 6; depth += 1) {
    const { code, meta, cause, originalCode } = at as Record<string, unknown>;
    for (const value of [code, originalCode]) if (typeof value === "string") codes.push(value);
    at = cause ?? (meta as Record<string, unknown> | undefined)?.driverAdapterError;
  }
  return codes;
}

/** Deadlock and serialization failure: the transaction was rolled back and may be tried again. */
function isRetryable(error: unknown): boolean {
  return codesOf(error).some((code) => code === "P2034" || code === "40P01" || code === "40001");
}

/** True when a write would have broken a unique index. */
export function isUniqueViolation(error: unknown): boolean {
  return codesOf(error).some((code) => code === "P2002" || code === "23505");
}

// Prisma: can't reach, timed out, closed, pool exhausted, too many connections. Node: sockets. Postgres: classes 08, 57P and
// 53 (out of connections, memory, disk).
const outage =
  /^(P1001|P1002|P1008|P1011|P1017|P2024|P2037|P2028|ECONN\w+|ENOTFOUND|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOENT|08\w{3}|57P\d\d|57014|53\d{3})$/;
const outageText =
  /connection terminated|timeout exceeded when trying to connect|query read timeout|database server|server closed the connection|not queryable/i;

function toAppError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const codes = codesOf(error);
  if (codes.includes("53100")) sayThatDiskIsFull();
  const isOutage =
    codes.some((code) => outage.test(code)) || (error instanceof Error && outageText.test(error.message));
  return isOutage ? new AppError("database-unavailable", { cause: error }) : error;
}

const REMIND_MS = 10_000;
let saidMs = Number.NEGATIVE_INFINITY;

function sayThatDiskIsFull(): void {
  if (performance.now() - saidMs < REMIND_MS) return;
  saidMs = performance.now();
  log().error("the database cannot write: its disk is full, make room");
}
