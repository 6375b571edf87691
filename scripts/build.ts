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

const PACKAGES = ["package-lock.json", "tsconfig.json"];
const PORTAL_SOURCES = [
  ...["app", "components", "lib", "public", "prisma/schema.prisma", "next.config.js", "postcss.config.mjs"],
  ...["instrumentation.ts", "proxy.ts", "types"],
];
const MEDIA_SOURCES = ["media", "lib/media-contract"];

/**
 * Builds what is missing or older than its sources: the Prisma client, media's bundle, the portal. Told by content, so
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
    await ifChanged("media", [...PACKAGES, ...MEDIA_SOURCES], bundleMedia, readMediaMark);
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
  const stampFile = join(BUILD_DIRECTORY, `${name}.stamp`);
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

async function readMediaMark(): Promise<string | null> {
  return readFile(MEDIA_BUNDLE).then(
    (code) => createHash("sha256").update(code).digest("hex"),
    () => null,
  );
}

/** Only our own code is bundled: packages stay in node_modules. */
async function bundleMedia(): Promise<void> {
  process.stdout.write("Building media …\n");
  try {
    await bundle({
      absWorkingDir: PROJECT_ROOT,
      entryPoints: ["media/main.ts"],
      outfile: MEDIA_BUNDLE,
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      target: "node20",
      sourcemap: "linked",
      logLevel: "warning",
    });
  } catch {
    throw new PlainError("Media could not be built: the errors above say why.");
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
