import { setTimeout as wait } from "node:timers/promises";
import type { BenchResult, Figure } from "./bench-result";
import { besideReference } from "./beside-reference";
import { CLIP_KBPS, ensureClip } from "./camera/clip";
import { startClipPublisher } from "./camera/clip-publisher";
import { type MachineLoad, watchMachine } from "./machine";
import type { MeasuredServer } from "./measured-server";
import type { BenchOptions } from "./options";
import { costOf } from "./process-cost";
import { rounded } from "./statistics";
import { untilLive } from "./until-live";
import { type CrowdResult, startCrowd } from "./viewers/crowd";

const viewerCounts = [100, 300];
/** Longer than the reference's playlist, and than three segments. */
const SETTLE_MS = 10_000;

type Row = {
  viewers: number;
  isLowLatency: boolean;
  cpuMsPerViewerSecond: number;
  residentMegabytes: number;
  crowd: CrowdResult;
  machine: MachineLoad;
};

async function measureCrowd(
  server: MeasuredServer,
  playlistUrl: string,
  viewers: number,
  isLowLatency: boolean,
  seconds: number,
): Promise<Row> {
  process.stderr.write(`${server.name}: ${viewers} ${isLowLatency ? "low-latency" : "plain"} viewers …\n`);
  const { steadyMs, result } = startCrowd({
    playlistUrls: [playlistUrl],
    count: viewers,
    isLowLatency,
    keepsTimes: true,
    rampSeconds: isLowLatency ? 5 : 10,
    seconds,
  });
  await wait(steadyMs - Date.now());
  const machine = watchMachine();
  const from = { cpu: costOf(server.processId).cpuSeconds, ms: performance.now() };
  await wait(seconds * 1000 - 200);
  const { cpuSeconds, residentMegabytes } = costOf(server.processId);
  const viewerSeconds = ((performance.now() - from.ms) / 1000) * viewers;
  const load = machine();
  return {
    viewers,
    isLowLatency,
    cpuMsPerViewerSecond: ((cpuSeconds - from.cpu) * 1000) / viewerSeconds,
    residentMegabytes,
    crowd: await result,
    machine: load,
  };
}

async function measure(server: MeasuredServer, clip: string, { isQuick }: BenchOptions): Promise<Row[]> {
  const channel = server.nextChannel();
  const publisher = startClipPublisher(channel.publishUrl, clip);
  await untilLive(channel);
  await wait(SETTLE_MS);
  const rows: Row[] = [];
  for (const isLowLatency of server.name === "livehouse" ? [true, false] : [false]) {
    for (const viewers of viewerCounts) {
      rows.push(await measureCrowd(server, channel.playlistUrl, viewers, isLowLatency, isQuick ? 10 : 45));
    }
  }
  await publisher.stop();
  return rows;
}

const find = (rows: Row[], viewers: number, isLowLatency: boolean): Row | undefined =>
  rows.find((row) => row.viewers === viewers && row.isLowLatency === isLowLatency);

function figuresOf(viewers: number, ours: Row[], theirs: Row[]): Figure[] {
  const lowLatency = find(ours, viewers, true);
  const plain = find(ours, viewers, false);
  const reference = find(theirs, viewers, false)?.cpuMsPerViewerSecond ?? Number.NaN;
  const behind = lowLatency
    ? Object.values(lowLatency.crowd.faults).reduce((sum, count) => sum + count, 0) +
      lowLatency.crowd.viewersThatMissed +
      lowLatency.crowd.viewersLeftBehind
    : Number.NaN;
  const cpu = (row: Row | undefined) => ({
    unit: "ms/viewer-second",
    reached: rounded(row?.cpuMsPerViewerSecond ?? Number.NaN, 3),
    reference: rounded(reference, 3),
  });
  return [
    { figure: `CPU, ${viewers} low-latency viewers (reference: plain)`, aim: 1, ...cpu(lowLatency) },
    {
      figure: `part delivered after it exists, ${viewers} viewers, p99`,
      unit: "ms",
      aim: 50,
      reached: rounded(lowLatency?.crowd.partDelayMs.p99 ?? Number.NaN, 1),
      reference: null,
    },
    {
      figure: `errors and viewers left behind, ${viewers}`,
      unit: "",
      aim: 0,
      reached: rounded(behind),
      reference: null,
    },
    { figure: `CPU, ${viewers} plain viewers`, aim: null, aimTimesReference: 1.5, ...cpu(plain) },
  ];
}

function remarkOn({ viewers, isLowLatency, crowd, machine }: Row): string[] {
  const who = `${viewers} ${isLowLatency ? "low-latency" : "plain"} viewers`;
  const busy = `event loop ${Math.round(crowd.loopShare * 100)} % busy, p99 delay ${crowd.loopDelayMs} ms`;
  return [
    ...(crowd.wasTheLimit ? [`${who}: the load generator was the limit (${busy})`] : []),
    ...(machine.busyShare > 0.95 ? [`${who}: the machine was busy to ${Math.round(machine.busyShare * 100)} %`] : []),
  ];
}

/** What a viewer costs, and how soon a part is with everybody. */
export async function benchFanout(options: BenchOptions): Promise<BenchResult> {
  const clip = await ensureClip();
  const { livehouse, reference } = await besideReference(1, (server) => measure(server, clip, options));
  return {
    bench: "fanout",
    figures: viewerCounts.flatMap((viewers) => figuresOf(viewers, livehouse, reference)),
    remarks: [...livehouse, ...reference].flatMap(remarkOn),
    detail: { clipKbps: CLIP_KBPS, livehouse, reference },
  };
}
