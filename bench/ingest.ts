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

const publisherCounts = [1, 10, 30];
const MOST = Math.max(...publisherCounts);
/** The smaller counts' sessions are over when the larger one begins. */
const REST_MS = 5_000;

type Row = {
  publishers: number;
  cpuSecondsPerStreamMinute: number;
  /** Everything beside the process that is measured: portal, database, supervisor. */
  besideCpuSecondsPerStreamMinute: number | null;
  peakResidentMegabytes: number;
  publishersAtEnd: number;
  machine: MachineLoad;
};
type Measured = { idleResidentMegabytes: number; rows: Row[] };

const besideSeconds = ({ processId, wholeProcessId }: MeasuredServer): number | null =>
  wholeProcessId === null ? null : costOf(wholeProcessId).cpuSeconds - costOf(processId).cpuSeconds;

async function measureCount(server: MeasuredServer, count: number, clip: string, isQuick: boolean): Promise<Row> {
  const channels = Array.from({ length: count }, () => server.nextChannel());
  const publishers = [];
  for (const { publishUrl } of channels) {
    publishers.push(startClipPublisher(publishUrl, clip));
    // So that their key frames do not fall together.
    await wait(100 + Math.random() * 100);
  }
  await Promise.all(channels.map(untilLive));
  await wait(isQuick ? 3_000 : 10_000);
  const machine = watchMachine();
  const from = { cpu: costOf(server.processId).cpuSeconds, beside: besideSeconds(server), ms: performance.now() };
  let peakResidentMegabytes = 0;
  while (performance.now() - from.ms < (isQuick ? 10_000 : 60_000)) {
    await wait(1_000);
    peakResidentMegabytes = Math.max(peakResidentMegabytes, costOf(server.processId).residentMegabytes);
  }
  const streamMinutes = ((performance.now() - from.ms) / 60_000) * count;
  const beside = besideSeconds(server);
  const row = {
    publishers: count,
    cpuSecondsPerStreamMinute: (costOf(server.processId).cpuSeconds - from.cpu) / streamMinutes,
    besideCpuSecondsPerStreamMinute: beside === null ? null : (beside - (from.beside ?? 0)) / streamMinutes,
    peakResidentMegabytes,
    publishersAtEnd: publishers.filter(({ isRunning }) => isRunning).length,
    machine: machine(),
  };
  await Promise.all(publishers.map((publisher) => publisher.stop()));
  await wait(REST_MS);
  return row;
}

async function measure(server: MeasuredServer, clip: string, { isQuick }: BenchOptions): Promise<Measured> {
  const idleResidentMegabytes = costOf(server.processId).residentMegabytes;
  const rows: Row[] = [];
  for (const count of publisherCounts) {
    process.stderr.write(`${server.name}: ${count} publishers …\n`);
    rows.push(await measureCount(server, count, clip, isQuick));
  }
  return { idleResidentMegabytes, rows };
}

const memoryPerStream = ({ idleResidentMegabytes, rows }: Measured): number => {
  const most = rows.find(({ publishers }) => publishers === MOST);
  return ((most?.peakResidentMegabytes ?? Number.NaN) - idleResidentMegabytes) / MOST;
};

function cpuFigure(count: number, ours: Measured, theirs: Measured): Figure {
  const pick = ({ rows }: Measured) =>
    rows.find(({ publishers }) => publishers === count)?.cpuSecondsPerStreamMinute ?? Number.NaN;
  return {
    figure: `CPU at ${count} publisher${count > 1 ? "s" : ""}`,
    unit: "s/stream-minute",
    aim: null,
    aimTimesReference: count === MOST ? 1 : null,
    reached: rounded(pick(ours), 3),
    reference: rounded(pick(theirs), 3),
  };
}

/** What it costs to receive and package 1, 10 and 30 streams that nobody watches. */
export async function benchIngest(options: BenchOptions): Promise<BenchResult> {
  const clip = await ensureClip();
  const channelCount = publisherCounts.reduce((sum, count) => sum + count, 0);
  const { livehouse, reference } = await besideReference(channelCount, (server) => measure(server, clip, options));
  const beside = livehouse.rows.at(-1)?.besideCpuSecondsPerStreamMinute ?? Number.NaN;
  const lost = livehouse.rows.filter(({ publishers, publishersAtEnd }) => publishersAtEnd < publishers);
  return {
    bench: "ingest",
    figures: [
      ...publisherCounts.map((count) => cpuFigure(count, livehouse, reference)),
      {
        figure: `memory at ${MOST} publishers above the idle process, its window in memory included`,
        unit: "MB/stream",
        aim: 15,
        reached: rounded(memoryPerStream(livehouse), 1),
        reference: rounded(memoryPerStream(reference), 1),
      },
      {
        figure: `portal, database and supervisor beside it at ${MOST}`,
        unit: "s/stream-minute",
        aim: null,
        reached: rounded(beside, 3),
        reference: null,
      },
    ],
    remarks: lost.map(({ publishers, publishersAtEnd }) => `of ${publishers} publishers ${publishersAtEnd} were left`),
    detail: { clipKbps: CLIP_KBPS, livehouse, reference },
  };
}
