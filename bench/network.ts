import { setTimeout as wait } from "node:timers/promises";
import type { BenchResult } from "./bench-result";
import type { Both } from "./beside-reference";
import { digestOf, summaryOf, type WatchDigest } from "./browser/watch-digest";
import { type WatchedPage, WatchingBrowser } from "./browser/watching-browser";
import { startCamera } from "./camera/camera";
import { MeasuredLivehouse } from "./livehouse/measured-livehouse";
import { type MachineLoad, watchMachine } from "./machine";
import type { MeasuredServer } from "./measured-server";
import { type LinkQuality, NetworkLink } from "./network-link";
import type { BenchOptions } from "./options";
import { ReferenceServer } from "./reference/reference-server";
import { rounded } from "./statistics";
import { untilLive } from "./until-live";

const FIRST_FRAME_TIMEOUT_MS = 40_000;
const SETTLE_MS = 10_000;

/** 50 ms of round trip, 20 ms of jitter, 10 Mbit/s. */
const worse: LinkQuality = { delayMs: 25, jitterMs: 10, bitsPerSecond: 10_000_000, hiccup: null };
const hiccups: LinkQuality = { ...worse, hiccup: { everyMs: 20_000, lastsMs: 300 } };

type Phase = { digest: WatchDigest };
type Measured = { worse: Phase; hiccups: Phase; calmAgain: Phase; lateFrames: number; machine: MachineLoad };

/** The server's page and media by way of links of their own; both directions of each have the whole rate. */
type Reached = { server: MeasuredServer; page: NetworkLink; media: NetworkLink };

/** Stays for so long; what is judged begins after the first minute. */
async function watchPhase(watched: WatchedPage, seconds: number, fromSecond: number): Promise<Phase> {
  const fromMs = Date.now() + fromSecond * 1000;
  await wait(seconds * 1000);
  return { digest: digestOf(await watched.report(), fromMs) };
}

async function measure(
  { server, page, media }: Reached,
  browser: WatchingBrowser,
  isQuick: boolean,
): Promise<Measured> {
  const links = new Set([page, media]);
  const setQuality = (quality: LinkQuality) => {
    for (const link of links) link.change(quality);
  };
  const channel = server.nextChannel();
  const camera = startCamera(channel.publishUrl);
  await untilLive(channel);
  await wait(SETTLE_MS);
  const machine = watchMachine();
  const [seconds, from] = isQuick ? [20, 5] : [180, 60];
  const watchedPage = async () => {
    const watched = await browser.open(page.through(channel.pageUrl));
    await watched.untilFirstFrame(FIRST_FRAME_TIMEOUT_MS);
    return watched;
  };
  process.stderr.write(`${server.name}: a worse network, ${seconds} s …\n`);
  setQuality(worse);
  const first = await watchedPage();
  const worsePhase = await watchPhase(first, seconds, from);
  await first.close();
  process.stderr.write(`${server.name}: the same with hiccups, and then without …\n`);
  setQuality(hiccups);
  const second = await watchedPage();
  const hiccupPhase = await watchPhase(second, isQuick ? 45 : seconds, from);
  setQuality(worse);
  const calmAgain = await watchPhase(second, isQuick ? 20 : 120, isQuick ? 10 : 90);
  await second.close();
  const measured = {
    worse: worsePhase,
    hiccups: hiccupPhase,
    calmAgain,
    lateFrames: camera.lateFrames,
    machine: machine(),
  };
  await camera.stop();
  return measured;
}

async function measureLivehouse(browser: WatchingBrowser, isQuick: boolean): Promise<Measured> {
  const [page, media] = [await NetworkLink.start(worse), await NetworkLink.start(worse)];
  const server = await MeasuredLivehouse.start(1, { PUBLIC_HLS_URL: `http://127.0.0.1:${media.port}` });
  page.leadTo(server.ports.portal);
  media.leadTo(server.ports.media);
  const measured = await measure({ server, page, media }, browser, isQuick);
  await server.stop();
  return measured;
}

async function measureReference(browser: WatchingBrowser, isQuick: boolean): Promise<Measured> {
  const page = await NetworkLink.start(worse);
  const server = await ReferenceServer.start();
  page.leadTo(Number(new URL(server.homeUrl).port));
  const measured = await measure({ server, page, media: page }, browser, isQuick);
  await server.stop();
  return measured;
}

const summary = ({ worse, hiccups, calmAgain, lateFrames, machine }: Measured) => ({
  worse: summaryOf(worse.digest),
  hiccups: summaryOf(hiccups.digest),
  calmAgain: summaryOf(calmAgain.digest),
  lateFrames,
  machine,
});

/** Glass to glass on a worse network, with hiccups, and after they have ended. */
export async function benchNetwork({ isQuick }: BenchOptions): Promise<BenchResult> {
  const browser = await WatchingBrowser.start();
  const both: Both<Measured> = {
    livehouse: await measureLivehouse(browser, isQuick),
    reference: await measureReference(browser, isQuick),
  };
  const latency = (figure: string, aim: number | null, pick: (measured: Measured) => WatchDigest) => {
    const [reached, reference] = [pick(both.livehouse), pick(both.reference)].map(({ latency }) => latency.median);
    return {
      figure: `${figure}, median`,
      unit: "ms",
      aim,
      reached: rounded(reached ?? Number.NaN),
      reference: rounded(reference ?? Number.NaN),
    };
  };
  const stalls = (figure: string, pick: (measured: Measured) => WatchDigest) => ({
    figure: `${figure}, stalls`,
    unit: "",
    aim: 0,
    reached: pick(both.livehouse).stalls.length,
    reference: pick(both.reference).stalls.length,
  });
  return {
    bench: "network",
    figures: [
      latency("50 ms, 10 Mbit/s, after a minute", 1_200, (measured) => measured.worse.digest),
      stalls("50 ms, 10 Mbit/s, after a minute", (measured) => measured.worse.digest),
      latency("the same with hiccups, after a minute", 1_200, (measured) => measured.hiccups.digest),
      stalls("the same with hiccups, after a minute", (measured) => measured.hiccups.digest),
      latency("90 s after the last hiccup", 1_200, (measured) => measured.calmAgain.digest),
    ],
    remarks: both.livehouse.lateFrames > 0 ? [`the camera drew ${both.livehouse.lateFrames} pictures late`] : [],
    detail: { chromium: browser.version, livehouse: summary(both.livehouse), reference: summary(both.reference) },
  };
}
