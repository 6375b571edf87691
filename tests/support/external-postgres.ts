import { execFile } from "node:child_process";
import { chown, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findFreePort } from "@/scripts/free-port";
import { startPostmaster } from "@/scripts/postgres/postmaster-process";
import { decideRunAs } from "@/scripts/postgres/run-as";

const run = promisify(execFile);
const DEBIAN = "/usr/lib/postgresql";
const PASSWORD = "external0database";

/** A Postgres that is not ours: the newest one that Debian's packages have put on this machine. */
export interface ExternalPostgres {
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts Debian's Postgres on an empty temporary cluster; as root it is installed where it is missing.
 * @returns null when there is none and none can be had
 */
export async function startExternalPostgres(): Promise<ExternalPostgres | null> {
  const programs = (await findPrograms()) ?? ((await installPostgres()) ? await findPrograms() : null);
  if (!programs) return null;
  const directory = await mkdtemp(join(tmpdir(), "livehouse-external-"));
  const runAs = await decideRunAs(directory, [`${programs}/initdb`, `${programs}/postgres`]);
  const passwordFile = join(directory, "password");
  await writeFile(passwordFile, PASSWORD, { mode: 0o600 });
  if (runAs.owner) await chown(passwordFile, runAs.owner.uid, runAs.owner.gid);
  const cluster = join(directory, "cluster");
  const options = ["-D", cluster, "-U", "livehouse", "-A", "scram-sha-256", "-E", "UTF8", "--no-locale", "--no-sync"];
  const [program = "", ...args] = [...runAs.prefix, `${programs}/initdb`, ...options, "--pwfile", passwordFile];
  await run(program, args, { ...runAs.identity, cwd: "/" });
  const port = await findFreePort();
  const configuration = { listen_addresses: "127.0.0.1", unix_socket_directories: "", fsync: "off" };
  const server = await startPostmaster({
    postgres: `${programs}/postgres`,
    cluster,
    runAs,
    port,
    configuration,
    onLine: () => undefined,
  });
  return {
    url: `postgresql://livehouse:${PASSWORD}@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function findPrograms(): Promise<string | null> {
  const versions = await readdir(DEBIAN).catch(() => []);
  const newest = versions
    .map(Number)
    .filter(Boolean)
    .sort((left, right) => right - left)[0];
  return newest ? `${DEBIAN}/${newest}/bin` : null;
}

async function installPostgres(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "-q", "-y", "--no-install-recommends", "postgresql"];
  return run("apt-get", ["update", "-q"], { env, timeout: 60_000 })
    .then(() => run("apt-get", install, { env, timeout: 180_000 }))
    .then(
      () => true,
      () => false,
    );
}
