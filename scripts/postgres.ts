import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { findFreePort, isPortFree } from "./free-port";
import { makeSecret } from "./make-secret";
import { createCluster, DATABASE_ROLE } from "./postgres/create-cluster";
import { findPostgresBinaries } from "./postgres/postgres-binaries";
import { clearPostmaster, findPostmaster } from "./postgres/postmaster-pid";
import { type PostmasterProcess, startPostmaster } from "./postgres/postmaster-process";
import { decideRunAs } from "./postgres/run-as";

const LOOPBACK = "127.0.0.1";
const DATABASE_NAME = "livehouse";

/** The embedded Postgres while it runs as this process's child. */
export interface EmbeddedPostgres extends PostmasterProcess {
  /** `postgresql://…` with the password: never print it. */
  url: string;
}

export interface EmbeddedPostgresOptions {
  /** False only where losing the data does not matter: tests. */
  isDurable?: boolean;
  /** Beside what the server's own environment has: tests. */
  environment?: Record<string, string>;
  onLine?: (line: string) => void;
}

/**
 * Starts the embedded Postgres of a data directory, making its cluster and database at the first time. One process at
 * a time may do so (`lockDataDirectory`). A server that outlived its parent is stopped first. It listens on loopback
 * only, on a free port that is kept from start to start where possible.
 */
export async function startEmbeddedPostgres(
  dataDirectory: string,
  { isDurable = true, environment = {}, onLine = () => undefined }: EmbeddedPostgresOptions = {},
): Promise<EmbeddedPostgres> {
  const directory = join(dataDirectory, "postgres");
  const cluster = join(directory, "cluster");
  const binaries = await findPostgresBinaries();
  const password = await makeSecret(dataDirectory, "postgres");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const runAs = await decideRunAs(directory, [binaries.initdb, binaries.postgres]);
  await createCluster(directory, binaries, runAs, password);
  await clearPostmaster(cluster);
  const port = await choosePort(dataDirectory);
  const server = await startPostmaster({
    postgres: binaries.postgres,
    cluster,
    runAs,
    port,
    configuration: { ...CONFIGURATION, ...(isDurable ? {} : { fsync: "off", full_page_writes: "off" }) },
    environment,
    onLine,
  });
  const url = connectionUrl(password, port, DATABASE_NAME);
  try {
    await createDatabase(connectionUrl(password, port, "postgres"), DATABASE_NAME);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { ...server, url };
}

/** The address of the embedded Postgres that runs on this data directory now, or null. */
export async function findEmbeddedPostgres(dataDirectory: string): Promise<string | null> {
  const running = await findPostmaster(join(dataDirectory, "postgres", "cluster"));
  if (!running?.isReady) return null;
  return connectionUrl(await makeSecret(dataDirectory, "postgres"), running.port, DATABASE_NAME);
}

const CONFIGURATION = {
  listen_addresses: LOOPBACK,
  unix_socket_directories: "",
  // Statements and their values stay out of the log: LOG, FATAL and PANIC remain.
  log_min_messages: "log",
  log_min_error_statement: "panic",
  log_checkpoints: "off",
};

function connectionUrl(password: string, port: number, database: string): string {
  return `postgresql://${DATABASE_ROLE}:${password}@${LOOPBACK}:${port}/${database}`;
}

async function choosePort(dataDirectory: string): Promise<number> {
  const file = join(dataDirectory, "postgres-port");
  const remembered = Number(await readFile(file, "utf8").catch(() => "0"));
  if (remembered > 0 && (await isPortFree(remembered, LOOPBACK))) return remembered;
  await rm(file, { force: true });
  const port = await findFreePort(LOOPBACK);
  await writeFile(file, `${port}\n`);
  return port;
}

async function createDatabase(maintenanceUrl: string, name: string): Promise<void> {
  const client = new Client({ connectionString: maintenanceUrl, connectionTimeoutMillis: 10_000 });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
