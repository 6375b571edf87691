import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { started } from "../started";
import { spreadOf } from "../statistics";
import { type CrowdReport, deliveryDelays } from "./crowd-log";
import type { ViewerProcessOptions } from "./viewer-process";

export type CrowdOptions = {
  playlistUrls: string[];
  count: number;
  isLowLatency: boolean;
  keepsTimes: boolean;
  /** How long they take to arrive, and how long they stay when all are there. */
  rampSeconds: number;
  seconds: number;
};

export type Crowd = {
  /** Wall clock from which all are there. */
  steadyMs: number;
  /** Rejects when a process of viewers died. */
  result: Promise<CrowdResult>;
};

export type CrowdResult = ReturnType<typeof summarize>;

const script = fileURLToPath(new URL("viewer-process.ts", import.meta.url));
const PROCESSES = 2;
/** Node starts and compiles. */
const START_MS = 2_500;
/** What its own delays may be before the crowd measures itself. */
const BUSY_LOOP_SHARE = 0.85;
const BUSY_LOOP_DELAY_MS = 40;

function summarize(reports: CrowdReport[], seconds: number) {
  const sum = (pick: (report: CrowdReport) => number) => reports.reduce((total, report) => total + pick(report), 0);
  const kinds = [...new Set(reports.flatMap(({ tookMs }) => Object.keys(tookMs)))];
  const faults: Record<string, number> = {};
  for (const report of reports) {
    for (const [what, count] of Object.entries(report.faults)) faults[what] = (faults[what] ?? 0) + count;
  }
  const loopShare = Math.max(...reports.map((report) => report.loopShare));
  const loopDelayMs = Math.max(...reports.map((report) => report.loopDelayMs));
  return {
    requestsPerSecond: Math.round(sum(({ requests }) => requests) / seconds),
    megabitsPerSecond: Math.round((sum(({ bytes }) => bytes) * 8) / seconds / 1e6),
    tookMs: Object.fromEntries(
      kinds.map((kind) => [kind, spreadOf(reports.flatMap(({ tookMs }) => tookMs[kind] ?? []))]),
    ),
    faults,
    partDelayMs: spreadOf(deliveryDelays(reports.map(({ parts }) => parts))),
    viewersThatMissed: sum((report) => report.viewersThatMissed),
    viewersThatStalled: sum((report) => report.viewersThatStalled),
    viewersLeftBehind: sum((report) => report.viewersLeftBehind),
    stalls: sum((report) => report.stalls),
    loopShare: Number(loopShare.toFixed(2)),
    loopDelayMs: Number(loopDelayMs.toFixed(1)),
    /** The viewers, not the server, were what could not go faster. */
    wasTheLimit: loopShare > BUSY_LOOP_SHARE || loopDelayMs > BUSY_LOOP_DELAY_MS,
  };
}

function reportOf(child: ChildProcess): Promise<CrowdReport> {
  return new Promise((resolve, reject) => {
    child.on("message", (report: CrowdReport) => resolve(report));
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`a process of viewers ended early (exit code ${code})`)));
  });
}

/** Sends a crowd of pretend players, in processes of their own. */
export function startCrowd({ count, rampSeconds, seconds, ...options }: CrowdOptions): Crowd {
  const startMs = Date.now() + START_MS;
  const steadyMs = startMs + rampSeconds * 1000;
  const times = { startMs, steadyMs, untilMs: steadyMs + seconds * 1000 };
  const children = Array.from({ length: PROCESSES }, (_, number) => {
    const share: ViewerProcessOptions = { ...options, ...times, count: Math.floor((count + number) / PROCESSES) };
    return fork(script, [JSON.stringify(share)], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  });
  const stop = started("viewers", async () => {
    for (const child of children) child.kill("SIGKILL");
  });
  const reports = Promise.all(children.map(reportOf));
  const result = reports.then((all) => summarize(all, seconds)).finally(stop);
  // Awaited only when the time is over; until then a death is not yet heard.
  result.catch(() => undefined);
  return { steadyMs, result };
}
