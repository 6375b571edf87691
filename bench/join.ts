import { setTimeout as wait } from "node:timers/promises";
import type { BenchResult } from "./bench-result";
import { besideReference } from "./beside-reference";
import { WatchingBrowser } from "./browser/watching-browser";
import { startCamera } from "./camera/camera";
import { type MachineLoad, watchMachine } from "./machine";
import type { MeasuredChannel, MeasuredServer } from "./measured-server";
import type { BenchOptions } from "./options";
import { rounded, spreadOf } from "./statistics";
import { untilLive } from "./until-live";

const FIRST_FRAME_TIMEOUT_MS = 30_000;
const SETTLE_MS = 10_000;
/** A visitor looks at the home page before the click. */
const LOOK_MS = 2_000;

type Joined = { firstFrameMs: number; latencyMs: number | null };
type Measured = { joins: Joined[]; machine: MachineLoad };

/** A new visitor opens the home page and clicks on the channel. */
async function joinOnce(browser: WatchingBrowser, homeUrl: string, channel: MeasuredChannel): Promise<Joined> {
  const watched = await browser.open(homeUrl);
  const { pathname, search } = new URL(channel.pageUrl);
  const link = watched.page.locator(`a[href="${pathname}${search}"]`).first();
  await link.waitFor({ timeout: 15_000 });
  await wait(LOOK_MS + Math.random() * 2_000);
  await link.click({ timeout: 10_000 });
  await watched.page.waitForURL(channel.pageUrl, { timeout: 15_000, waitUntil: "commit" });
  await watched.untilFirstFrame(FIRST_FRAME_TIMEOUT_MS);
  await wait(500);
  const { clickedMs, firstFrameMs, samples } = await watched.report();
  await watched.close();
  const shown = samples.find(({ clockMs }) => clockMs !== null);
  return {
    firstFrameMs: (firstFrameMs ?? Number.NaN) - (clickedMs ?? Number.NaN),
    latencyMs: shown ? shown.atMs - (shown.clockMs ?? 0) : null,
  };
}

async function measure(server: MeasuredServer, browser: WatchingBrowser, { isQuick }: BenchOptions): Promise<Measured> {
  const channel = server.nextChannel();
  const camera = startCamera(channel.publishUrl);
  await untilLive(channel);
  await wait(SETTLE_MS);
  const machine = watchMachine();
  const joins: Joined[] = [];
  for (let count = 0; count < (isQuick ? 3 : 12); count++) joins.push(await joinOnce(browser, server.homeUrl, channel));
  await camera.stop();
  return { joins, machine: machine() };
}

/** From the click on a live channel to its first picture. */
export async function benchJoin(options: BenchOptions): Promise<BenchResult> {
  const browser = await WatchingBrowser.start();
  const both = await besideReference(1, (server) => measure(server, browser, options));
  const spread = ({ joins }: Measured) => spreadOf(joins.map(({ firstFrameMs }) => firstFrameMs));
  const [ours, theirs] = [spread(both.livehouse), spread(both.reference)];
  const figure = (text: string, aim: number | null, reached: number, reference: number) => {
    return { figure: text, unit: "ms", aim, reached: rounded(reached), reference: rounded(reference) };
  };
  return {
    bench: "join",
    figures: [
      figure("click to first picture, median", 700, ours.median, theirs.median),
      figure("click to first picture, slowest", null, ours.max, theirs.max),
    ],
    remarks: [],
    detail: { chromium: browser.version, livehouse: both.livehouse, reference: both.reference },
  };
}
