import { setTimeout as wait } from "node:timers/promises";
import type { BenchResult } from "./bench-result";
import { besideReference } from "./beside-reference";
import { digestOf, summaryOf, type WatchDigest } from "./browser/watch-digest";
import { WatchingBrowser } from "./browser/watching-browser";
import { startCamera } from "./camera/camera";
import { type MachineLoad, watchMachine } from "./machine";
import type { MeasuredChannel, MeasuredServer } from "./measured-server";
import type { BenchOptions } from "./options";
import { rounded, slopeOf, spreadOf } from "./statistics";
import { untilLive } from "./until-live";

const FIRST_FRAME_TIMEOUT_MS = 30_000;
/** Until the reference's playlist is as long as it will be. */
const SETTLE_MS = 10_000;

type Measured = { runs: WatchDigest[]; long: WatchDigest | null; lateFrames: number; machine: MachineLoad };

/** One viewer who opens the page and stays for so long after the first picture. */
async function watchOnce(
  browser: WatchingBrowser,
  { pageUrl }: MeasuredChannel,
  seconds: number,
): Promise<WatchDigest> {
  const watched = await browser.open(pageUrl);
  await watched.untilFirstFrame(FIRST_FRAME_TIMEOUT_MS);
  await wait(seconds * 1000);
  const digest = digestOf(await watched.report());
  await watched.close();
  return digest;
}

async function measure(server: MeasuredServer, browser: WatchingBrowser, { isQuick }: BenchOptions): Promise<Measured> {
  const channel = server.nextChannel();
  const camera = startCamera(channel.publishUrl);
  await untilLive(channel);
  await wait(SETTLE_MS);
  const machine = watchMachine();
  const runs: WatchDigest[] = [];
  for (let count = 0; count < (isQuick ? 1 : 4); count++) {
    process.stderr.write(`${server.name}: visitor ${count + 1} …\n`);
    runs.push(await watchOnce(browser, channel, isQuick ? 10 : 30));
    // So that the runs meet the segments at different points.
    await wait(Math.random() * 2_000);
  }
  const longSeconds = isQuick ? 30 : 600;
  if (server.name === "livehouse") process.stderr.write(`livehouse: a visitor for ${longSeconds} s …\n`);
  const long = server.name === "livehouse" ? await watchOnce(browser, channel, longSeconds) : null;
  const measured = { runs, long, lateFrames: camera.lateFrames, machine: machine() };
  await camera.stop();
  return measured;
}

const stallsIn = (digests: WatchDigest[]) => digests.reduce((sum, { stalls }) => sum + stalls.length, 0);

function detailOf({ runs, long, lateFrames, machine }: Measured) {
  return { runs: runs.map(summaryOf), long: long && summaryOf(long), lateFrames, machine };
}

/** Glass to glass on the channel page, from the first picture on, and for ten minutes. */
export async function benchLatency(options: BenchOptions): Promise<BenchResult> {
  const browser = await WatchingBrowser.start();
  const { livehouse, reference } = await besideReference(1, (server) => measure(server, browser, options));
  const pooled = (runs: WatchDigest[]) => spreadOf(runs.flatMap(({ latencies }) => latencies.map((s) => s.latencyMs)));
  const [ours, theirs] = [pooled(livehouse.runs), pooled(reference.runs)];
  const long = livehouse.long?.latencies ?? [];
  const growth = slopeOf(long.map(({ atMs, latencyMs }) => ({ x: atMs / 60_000, y: latencyMs })));
  const remarks = livehouse.lateFrames > 0 ? [`the camera drew ${livehouse.lateFrames} pictures late`] : [];
  const figure = (text: string, aim: number | null, reached: number, referenceMs: number | null) => {
    return { figure: text, unit: "ms", aim, reached: rounded(reached), reference: referenceMs };
  };
  return {
    bench: "latency",
    figures: [
      figure("glass to glass, first 30 s, median", 600, ours.median, rounded(theirs.median)),
      figure("glass to glass, first 30 s, p95", 1_200, ours.p95, rounded(theirs.p95)),
      {
        figure: "stalls",
        unit: "",
        aim: 0,
        reached: stallsIn([...livehouse.runs, ...(livehouse.long ? [livehouse.long] : [])]),
        reference: stallsIn(reference.runs),
      },
      figure("10 minutes, median", 600, livehouse.long?.latency.median ?? Number.NaN, null),
      figure("10 minutes, p95", 1_200, livehouse.long?.latency.p95 ?? Number.NaN, null),
      { figure: "10 minutes, growth", unit: "ms/minute", aim: 5, reached: rounded(growth, 1), reference: null },
    ],
    remarks,
    detail: { chromium: browser.version, livehouse: detailOf(livehouse), reference: detailOf(reference) },
  };
}
