import { setTimeout as wait } from "node:timers/promises";
import type { BenchResult } from "./bench-result";
import { besideReference } from "./beside-reference";
import { WatchingBrowser } from "./browser/watching-browser";
import { startCamera } from "./camera/camera";
import { type MachineLoad, watchMachine } from "./machine";
import type { MeasuredServer } from "./measured-server";
import { NetworkLink, perfectLink } from "./network-link";
import type { BenchOptions } from "./options";
import { rounded, spreadOf } from "./statistics";

const FIRST_FRAME_TIMEOUT_MS = 30_000;
/** The page is there and waiting before the encoder connects. */
const WAIT_MS = 2_000;

type GoneLive = { firstFrameMs: number; latencyMs: number | null };
type Measured = { runs: GoneLive[]; machine: MachineLoad };

/** A page waits on a channel that is offline; then an encoder connects, by way of a relay that sees it come. */
async function goLiveOnce(server: MeasuredServer, browser: WatchingBrowser): Promise<GoneLive> {
  const channel = server.nextChannel();
  const watched = await browser.open(channel.pageUrl);
  await wait(WAIT_MS + Math.random() * 1_000);
  let connectedMs = Number.NaN;
  const door = await NetworkLink.start(perfectLink, (atMs) => {
    connectedMs = atMs;
  });
  door.leadTo(Number(new URL(channel.publishUrl.replace("rtmp:", "http:")).port));
  const camera = startCamera(door.through(channel.publishUrl));
  const firstFrameMs = await watched.untilFirstFrame(FIRST_FRAME_TIMEOUT_MS);
  await wait(1_000);
  const { samples } = await watched.report();
  await watched.close();
  await camera.stop();
  await door.close();
  const shown = samples.find(({ clockMs }) => clockMs !== null);
  return {
    firstFrameMs: firstFrameMs - connectedMs,
    latencyMs: shown ? shown.atMs - (shown.clockMs ?? 0) : null,
  };
}

async function measure(server: MeasuredServer, browser: WatchingBrowser, runCount: number): Promise<Measured> {
  const machine = watchMachine();
  const runs: GoneLive[] = [];
  for (let count = 0; count < runCount; count++) runs.push(await goLiveOnce(server, browser));
  return { runs, machine: machine() };
}

/** From the encoder's connection to the first picture in a page that waits. */
export async function benchGolive({ isQuick }: BenchOptions): Promise<BenchResult> {
  const browser = await WatchingBrowser.start();
  const runCount = isQuick ? 2 : 8;
  const both = await besideReference(runCount, (server) => measure(server, browser, runCount));
  const spread = ({ runs }: Measured) => spreadOf(runs.map(({ firstFrameMs }) => firstFrameMs));
  const [ours, theirs] = [spread(both.livehouse), spread(both.reference)];
  const figure = (text: string, aim: number | null, reached: number, reference: number) => {
    return { figure: text, unit: "ms", aim, reached: rounded(reached), reference: rounded(reference) };
  };
  return {
    bench: "golive",
    figures: [
      figure("encoder connects to first picture, median", 1_000, ours.median, theirs.median),
      figure("encoder connects to first picture, slowest", null, ours.max, theirs.max),
    ],
    remarks: [],
    detail: { chromium: browser.version, livehouse: both.livehouse, reference: both.reference },
  };
}
