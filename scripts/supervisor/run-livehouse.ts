import { join } from "node:path";
import { controlAddress, portalAddress } from "../addresses";
import { buildIfNeeded } from "../build";
import { type CompleteSettings, completeSettings } from "../complete-settings";
import { ensureFirstAdministrator } from "../first-administrator";
import { ensureGeneratedClient } from "../generated-client";
import { LockFile } from "../lock-file";
import { migrate } from "../migrate";
import { PlainError } from "../plain-error";
import type { Settings } from "../settings";
import { announce } from "./announce";
import { endLeftBehind } from "./end-left-behind";
import { prefixedLog } from "./prefixed-log";
import { planMedia, planPortal } from "./process-plans";
import { refuseTakenPorts } from "./refuse-taken-ports";
import { SupervisedPostgres } from "./supervised-postgres";
import { SupervisedProcess } from "./supervised-process";
import { untilHealthy } from "./until-healthy";

const READY_TIMEOUT_MS = 120_000;
const PORTS_TIMEOUT_MS = 5000;

/** What has been started, in the order of starting; undone in the reverse one. */
type Undo = (() => Promise<void>)[];

/**
 * Everything `npm start` does after its own start: returns when `signal` is aborted and all has been stopped again.
 * @throws PlainError when something is in the way; all that was started has been stopped then, too
 */
export async function runLivehouse(settings: Settings, isDev: boolean, signal: AbortSignal): Promise<void> {
  const undo: Undo = [];
  try {
    await start(settings, isDev, signal, undo);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve());
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

async function start(settings: Settings, isDev: boolean, signal: AbortSignal, undo: Undo): Promise<void> {
  const complete = await completeSettings(settings);
  const lock = await lockDataDirectory(settings, undo);
  await (isDev ? ensureGeneratedClient() : buildIfNeeded());
  signal.throwIfAborted();
  const databaseUrl = await startDatabase(settings, undo);
  signal.throwIfAborted();
  for (const name of await migrate(databaseUrl)) process.stdout.write(`Applied migration ${name}.\n`);
  const administrator = await ensureFirstAdministrator(complete, databaseUrl);
  signal.throwIfAborted();
  await startProcesses(complete, databaseUrl, isDev, lock, signal, undo);
  announce(settings, administrator);
}

async function lockDataDirectory(settings: Settings, undo: Undo): Promise<LockFile> {
  const outcome = await LockFile.acquire(join(settings.DATA_DIR, "livehouse.lock"));
  if (outcome.kind === "held") {
    throw new PlainError(
      `Livehouse runs already on ${settings.DATA_DIR} (process ${outcome.holderPid}): stop that one, or set DATA_DIR and the ports for a second one.`,
    );
  }
  undo.push(() => outcome.lock.release());
  await endLeftBehind(outcome.leftBehind);
  await refuseTakenPorts(settings, outcome.leftBehind.length > 0 ? PORTS_TIMEOUT_MS : 0);
  return outcome.lock;
}

async function startDatabase({ DATABASE_URL, DATA_DIR }: Settings, undo: Undo): Promise<string> {
  if (DATABASE_URL) return DATABASE_URL;
  const postgres = await SupervisedPostgres.start(DATA_DIR, prefixedLog("postgres"));
  undo.push(() => postgres.stop());
  return postgres.url;
}

/** Media ends before the portal, so that the portal still hears of the streams that end with it. */
async function startProcesses(
  settings: CompleteSettings,
  databaseUrl: string,
  isDev: boolean,
  lock: LockFile,
  signal: AbortSignal,
  undo: Undo,
): Promise<void> {
  const running: SupervisedProcess[] = [];
  let noting = Promise.resolve();
  const onSpawn = () => {
    const pids = running.flatMap(({ pid }) => pid ?? []);
    // A full disk must not end what runs: at worst, a start after a kill finds the ports taken for some seconds.
    noting = noting.then(() => lock.noteChildren(pids)).catch((error: Error) => noteFailure(error));
  };
  const plans = [planPortal(settings, databaseUrl, isDev), planMedia(settings, isDev)];
  running.push(...plans.map((plan) => new SupervisedProcess({ ...plan, onSpawn })));
  undo.push(() => noting);
  for (const supervised of running) {
    undo.push(() => supervised.stop());
    supervised.start();
  }
  const [portal, media] = running;
  if (!portal || !media) throw new Error("Two processes were planned.");
  await Promise.all([
    untilUp(portal, `${portalAddress(settings)}/api/health`, signal),
    untilUp(media, `${controlAddress(settings)}/healthz`, signal),
  ]);
}

async function untilUp(supervised: SupervisedProcess, address: string, signal: AbortSignal): Promise<void> {
  const exited = new AbortController();
  void supervised.exited.then(() => exited.abort());
  const isUp = await untilHealthy(address, READY_TIMEOUT_MS, AbortSignal.any([signal, exited.signal]));
  signal.throwIfAborted();
  if (isUp) return;
  const what = exited.signal.aborted
    ? "ended before it was ready"
    : `did not get ready in ${READY_TIMEOUT_MS / 1000} s`;
  throw new PlainError(`Livehouse cannot start: ${supervised.name} ${what}, its last words above say why.`);
}

function noteFailure(error: Error): void {
  process.stdout.write(`The process numbers could not be written to the data directory: ${error.message}\n`);
}
