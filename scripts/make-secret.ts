import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { PlainError } from "./plain-error";

const SECRET_BYTES = 32;

/**
 * The secret NAME of this data directory, as 64 hexadecimal digits: made at the first call, then always the same.
 * Several processes may ask at once: the first one's secret is everyone's. The file is readable by its owner only.
 */
export async function makeSecret(dataDirectory: string, name: string): Promise<string> {
  const directory = join(dataDirectory, "secrets");
  const file = join(directory, name);
  const existing = await readSecret(file);
  if (existing) return existing;
  await mkdir(dataDirectory, { recursive: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  const handle = await open(draft, "wx", 0o600);
  try {
    await handle.writeFile(`${randomBytes(SECRET_BYTES).toString("hex")}\n`);
    await handle.sync();
    await handle.close();
    // A link appears whole or not at all, and fails when another process was first.
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const secret = await readSecret(file);
  if (!secret) throw new PlainError(`The secret ${file} could not be written.`);
  return secret;
}

async function readSecret(file: string): Promise<string | null> {
  try {
    const secret = (await readFile(file, "utf8")).trim();
    if (secret.length >= SECRET_BYTES) return secret;
    throw new PlainError(
      `The secret ${file} is damaged: restore it from a backup, or delete it to have a new one made.`,
    );
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
