import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build as bundle } from "esbuild";
import { sourceHash } from "./build/source-hash";
import { ensureGeneratedClient } from "./generated-client";
import { LockFile } from "./lock-file";
import { PlainError } from "./plain-error";
import { PROJECT_ROOT } from "./project-root";
import { runCommand } from "./run-command";

const BUILD_DIRECTORY = join(PROJECT_ROOT, ".build");
const NEXT_BUILD_ID = join(PROJECT_ROOT, ".next", "BUILD_ID");
const LOCK_TIMEOUT_MS = 10 * 60_000;
const NEXT_TIMEOUT_MS = 15 * 60_000;

/** What media runs in production. */
export const MEDIA_BUNDLE = join(BUILD_DIRECTORY, "media", "main.js");

/** The command line in one file. It lies as deep as `scripts/`, from where the project's root is told. */
const COMMAND_LINE_BUNDLE = join(BUILD_DIRECTORY, "livehouse.js");

const PACKAGES = ["package-lock.json", "tsconfig.json"];
const PORTAL_SOURCES = [
  ...["app", "components", "lib", "public", "prisma/schema.prisma", "next.config.js", "postcss.config.mjs"],
  ...["instrumentation.ts", "proxy.ts", "types"],
];
const MEDIA_SOURCES = ["media", "lib/media-contract"];
const COMMAND_LINE_SOURCES = ["scripts", "lib", "prisma/schema.prisma"];

/**
 * Builds what is missing or older than its sources: the Prisma client, media, the command line, the portal. Told by content, so
 * that a fresh checkout of the same sources builds nothing. One process builds, others wait.
 * @throws PlainError when a build fails; its own words have been shown before
 */
export async function buildIfNeeded(): Promise<void> {
  const outcome = await LockFile.acquireWithin(join(BUILD_DIRECTORY, "lock"), LOCK_TIMEOUT_MS);
  if (outcome.kind === "held") {
    throw new PlainError(
      `Another process (${outcome.holderPid}) has been building for too long: end it and try again.`,
    );
  }
  try {
    await ensureGeneratedClient();
    await ifChanged("media", [...PACKAGES, ...MEDIA_SOURCES], bundleMedia, () => contentHash(MEDIA_BUNDLE));
    const commandLineMark = () => contentHash(COMMAND_LINE_BUNDLE);
    await ifChanged("command line", [...PACKAGES, ...COMMAND_LINE_SOURCES], bundleCommandLine, commandLineMark);
    await ifChanged("portal", [...PACKAGES, ...PORTAL_SOURCES], buildPortal, readPortalMark);
  } finally {
    await outcome.lock.release();
  }
}

/** Builds unless the stamp names these sources and the very output that is there now (`readMark`). */
async function ifChanged(
  name: string,
  sources: readonly string[],
  build: () => Promise<void>,
  readMark: () => Promise<string | null>,
): Promise<void> {
  const stampFile = join(BUILD_DIRECTORY, `${name.replace(" ", "-")}.stamp`);
  const hash = await sourceHash(sources);
  const mark = await readMark();
  if (mark && (await readFile(stampFile, "utf8").catch(() => "")) === `${hash} ${mark}\n`) return;
  await rm(stampFile, { force: true });
  const startedAt = performance.now();
  await build();
  await mkdir(BUILD_DIRECTORY, { recursive: true });
  await writeFile(stampFile, `${hash} ${await readMark()}\n`);
  process.stdout.write(`Built ${name} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.\n`);
}

async function readPortalMark(): Promise<string | null> {
  return readFile(NEXT_BUILD_ID, "utf8").then(
    (id) => id.trim(),
    () => null,
  );
}

async function contentHash(file: string): Promise<string | null> {
  return readFile(file).then(
    (code) => createHash("sha256").update(code).digest("hex"),
    () => null,
  );
}

async function bundleMedia(): Promise<void> {
  process.stdout.write("Building media …\n");
  await bundleFor("media/main.ts", MEDIA_BUNDLE);
}

async function bundleCommandLine(): Promise<void> {
  await bundleFor("scripts/livehouse/main.ts", COMMAND_LINE_BUNDLE);
}

/** Only our own code is bundled: packages stay in node_modules. */
async function bundleFor(entryPoint: string, outfile: string): Promise<void> {
  try {
    await bundle({
      absWorkingDir: PROJECT_ROOT,
      entryPoints: [entryPoint],
      outfile,
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      target: "node20",
      sourcemap: "linked",
      logLevel: "warning",
    });
  } catch {
    throw new PlainError(`${entryPoint} could not be built: the errors above say why.`);
  }
}

async function buildPortal(): Promise<void> {
  process.stdout.write("Building the portal (up to a minute) …\n");
  const { exitCode, output } = await runCommand(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
    env: { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", CHECKPOINT_DISABLE: "1" },
    output: "stream",
    timeoutMs: NEXT_TIMEOUT_MS,
  });
  if (exitCode !== 0) throw new PlainError(`The portal could not be built (exit code ${exitCode}). ${output}`.trim());
}
