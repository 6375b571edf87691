import { execFile } from "node:child_process";
import { access, chown, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { PlainError } from "../plain-error";
import type { PostgresBinaries } from "./postgres-binaries";
import type { RunAs } from "./run-as";

const INITDB_TIMEOUT_MS = 120_000;

/** Name of the only database role. */
export const DATABASE_ROLE = "livehouse";

/**
 * Makes the cluster with one superuser role that signs in by password, unless it is there. An interrupted attempt
 * leaves nothing that could be mistaken for a cluster.
 */
export async function createCluster(
  directory: string,
  binaries: PostgresBinaries,
  runAs: RunAs,
  password: string,
): Promise<void> {
  const cluster = join(directory, "cluster");
  if (
    await access(join(cluster, "PG_VERSION")).then(
      () => true,
      () => false,
    )
  )
    return refuseOtherVersion(cluster);
  const draft = join(directory, "cluster.new");
  const passwordFile = join(directory, "password.new");
  await rm(draft, { recursive: true, force: true });
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (runAs.owner) await chown(passwordFile, runAs.owner.uid, runAs.owner.gid);
  const options = ["--username", DATABASE_ROLE, "--auth", "scram-sha-256", "--encoding", "UTF8", "--no-sync"];
  const locale = ["--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"];
  const files = ["--pgdata", draft, "--pwfile", passwordFile];
  const [program = "", ...args] = [...runAs.prefix, binaries.initdb, ...options, ...locale, ...files];
  try {
    await promisify(execFile)(program, args, { ...runAs.identity, cwd: "/", timeout: INITDB_TIMEOUT_MS });
    await rename(draft, cluster);
  } catch (error) {
    const detail = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    throw new PlainError(`The embedded database could not be made in ${directory}: ${detail}`);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

const EMBEDDED_MAJOR = "18";

async function refuseOtherVersion(cluster: string): Promise<void> {
  const version = (await readFile(join(cluster, "PG_VERSION"), "utf8")).trim();
  if (version === EMBEDDED_MAJOR) return;
  throw new PlainError(
    `${cluster} was written by Postgres ${version}, the embedded one is ${EMBEDDED_MAJOR}: dump it with version ${version} and restore it, or serve it yourself and set DATABASE_URL.`,
  );
}
