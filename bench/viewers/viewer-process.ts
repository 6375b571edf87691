// A share of the crowd, in a process of its own. Argument: its ViewerProcessOptions as JSON; sends one CrowdReport.
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { CrowdLog, type CrowdReport } from "./crowd-log";
import { PlaylistMemory } from "./playlist-memory";
import { Viewer } from "./viewer";

export type ViewerProcessOptions = {
  playlistUrls: string[];
  count: number;
  isLowLatency: boolean;
  /** Keeps the time of each request and part: not for hours. */
  keepsTimes: boolean;
  /** Wall clocks: when the first arrives, when all are there, when they leave. */
  startMs: number;
  steadyMs: number;
  untilMs: number;
};

process.on("disconnect", () => process.exit(1));
// The terminal sends it to everybody; whoever started us decides.
process.on("SIGINT", () => undefined);

const options = JSON.parse(process.argv[2] ?? "") as ViewerProcessOptions;
const { playlistUrls, count, isLowLatency, startMs, steadyMs, untilMs } = options;
const log = new CrowdLog(steadyMs, options.keepsTimes);
const memory = new PlaylistMemory();

async function arrive(number: number): Promise<Viewer> {
  const playlistUrl = playlistUrls[number % playlistUrls.length] ?? "";
  await wait(Math.max(0, startMs + (0.8 * (steadyMs - startMs) * number) / count - Date.now()));
  const viewer = new Viewer({ playlistUrl, isLowLatency, untilMs, log, memory });
  await viewer.watch();
  return viewer;
}

async function watchLoop(): Promise<{ loopShare: number; loopDelayMs: number }> {
  await wait(Math.max(0, steadyMs - Date.now()));
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const from = performance.eventLoopUtilization();
  await wait(Math.max(0, untilMs - Date.now()));
  const { utilization } = performance.eventLoopUtilization(from);
  return { loopShare: utilization, loopDelayMs: delay.percentile(99) / 1e6 };
}

const loop = watchLoop();
const viewers = await Promise.all(Array.from({ length: count }, (_, number) => arrive(number)));
const report: CrowdReport = {
  requests: log.requests,
  bytes: log.bytes,
  tookMs: log.tookMs,
  faults: log.faults,
  parts: log.parts,
  viewersThatMissed: viewers.filter(({ missedSegments }) => missedSegments > 0).length,
  viewersThatStalled: viewers.filter(({ stalls }) => stalls > 0).length,
  viewersLeftBehind: viewers.filter(({ isLeftBehind }) => isLeftBehind).length,
  stalls: viewers.reduce((sum, { stalls }) => sum + stalls, 0),
  ...(await loop),
};
process.send?.(report, () => process.exit(0));
