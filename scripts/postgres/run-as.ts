import { execFile } from "node:child_process";
import { chown, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { PlainError } from "../plain-error";

const run = promisify(execFile);

/** How to start a program so that Postgres accepts its user: it refuses to run as root. */
export interface RunAs {
  /** Put before the program, such as `setpriv …`. */
  prefix: string[];
  /** For `spawn`, when the kernel is to change the user without a prefix. */
  identity: { uid?: number; gid?: number };
  /** Owner that the database's files must have; null: whoever runs this. */
  owner: { uid: number; gid: number } | null;
}

const CAPABILITY = "+dac_override";
/** Without this bit access(2), by which Postgres looks for its own programs, ignores the capabilities of ordinary users. */
const HONOURED_BY_ACCESS = ["--securebits", "+no_setuid_fixup"];

/**
 * Decides which user runs Postgres. Not as root: this one. As root: the files' owner, else `postgres`, else `nobody`;
 * where that user cannot reach the files (a directory above is closed to it, /root say), it also gets the capability
 * to pass file permissions, and nothing else of root.
 * @param directory holds the cluster; exists
 * @param programs must be executable by that user
 */
export async function decideRunAs(directory: string, programs: readonly string[]): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { prefix: [], identity: {}, owner: null };
  const owner = await chooseOwner(directory);
  await giveTo(directory, owner);
  const probe = [
    "/bin/sh",
    "-c",
    'test -w "$0" && for f in "$@"; do test -x "$f" || exit 1; done',
    directory,
    ...programs,
  ];
  const asOwner: RunAs = { prefix: [], identity: owner, owner };
  if (await succeeds(asOwner, probe)) return asOwner;
  const ids = ["--reuid", String(owner.uid), "--regid", String(owner.gid), "--clear-groups"];
  const withCapability: RunAs = {
    prefix: ["setpriv", ...ids, "--inh-caps", CAPABILITY, "--ambient-caps", CAPABILITY, ...HONOURED_BY_ACCESS],
    identity: {},
    owner,
  };
  if (await succeeds(withCapability, probe)) return withCapability;
  throw new PlainError(
    `Postgres does not run as root, and the user with id ${owner.uid} cannot reach ${directory} or ${programs[0]}: run Livehouse as a normal user, move it and DATA_DIR to where every user may look, or set DATABASE_URL.`,
  );
}

async function succeeds({ prefix, identity }: RunAs, command: string[]): Promise<boolean> {
  const [program = "", ...args] = [...prefix, ...command];
  return run(program, args, { ...identity, cwd: "/", timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}

async function chooseOwner(directory: string): Promise<{ uid: number; gid: number }> {
  const { uid, gid } = await stat(directory);
  if (uid !== 0) return { uid, gid };
  for (const name of ["postgres", "nobody"]) {
    const [userId, groupId] = await Promise.all([lookUp("-u", name), lookUp("-g", name)]);
    if (userId && groupId) return { uid: userId, gid: groupId };
  }
  throw new PlainError(
    'Postgres does not run as root and there is neither a user "postgres" nor "nobody": run Livehouse as a normal user, or set DATABASE_URL.',
  );
}

async function lookUp(option: "-u" | "-g", name: string): Promise<number> {
  return run("id", [option, name], { timeout: 10_000 }).then(
    ({ stdout }) => Number(stdout),
    () => 0,
  );
}

/** Files that root copied or restored belong to root: they are handed over whole. */
async function giveTo(path: string, owner: { uid: number; gid: number }): Promise<void> {
  const { uid } = await stat(path);
  if (uid === owner.uid) return;
  await chown(path, owner.uid, owner.gid);
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  for (const entry of entries) {
    if (!entry.isSymbolicLink()) await chown(join(entry.parentPath, entry.name), owner.uid, owner.gid);
  }
}
