import { setTimeout as wait } from "node:timers/promises";
import type { BenchResult } from "./bench-result";
import { ensureClip } from "./camera/clip";
import { MeasuredLivehouse } from "./livehouse/measured-livehouse";
import { watchMachine } from "./machine";
import type { BenchOptions } from "./options";
import { costOf } from "./process-cost";
import { startChurn } from "./soak-churn";
import { rounded, slopeOf } from "./statistics";
import { startCrowd } from "./viewers/crowd";

const STREAMS = 10;
const VIEWERS = 50;
const RAMP_SECONDS = 10;
const SAMPLE_MS = 5_000;
/** The window fills and the heap finds its size. */
const WARM_UP_SHARE = 0.25;

/**
 * What a viewer meets when its publisher is away: a reload that is held until it is refused, and, when the broadcast has
 * ended, no channel. Everything else is an error.
 */
const expectedFaults = new Set(["reload 503", "reload 404", "playlist 404", "multivariant 404"]);

const unhandled = /"level":(?:50|60)\b|unhandled|uncaught|out of memory|ended unexpectedly|restart|⨯/i;

type MemorySample = { x: number; y: number };

/** Resident memory of media each few seconds, as minutes and megabytes. @throws Error when media has died */
async function sampleMemory(processId: number, minutes: number): Promise<MemorySample[]> {
  const startMs = performance.now();
  const samples: MemorySample[] = [];
  while (performance.now() - startMs < minutes * 60_000) {
    await wait(SAMPLE_MS);
    samples.push({ x: (performance.now() - startMs) / 60_000, y: costOf(processId).residentMegabytes });
  }
  return samples;
}

const errorLines = (log: string): string[] => log.split("\n").filter((line) => unhandled.test(line));

/** Ten streams whose publishers come and go, fifty viewers who stay. */
export async function benchSoak({ minutes }: BenchOptions): Promise<BenchResult> {
  const clip = await ensureClip();
  const livehouse = await MeasuredLivehouse.start(STREAMS);
  const channels = Array.from({ length: STREAMS }, () => livehouse.nextChannel());
  const machine = watchMachine();
  const churn = startChurn(channels, clip);
  const crowd = startCrowd({
    playlistUrls: channels.map(({ playlistUrl }) => playlistUrl),
    count: VIEWERS,
    isLowLatency: true,
    keepsTimes: false,
    rampSeconds: RAMP_SECONDS,
    seconds: minutes * 60 - RAMP_SECONDS,
  });
  const memory = await sampleMemory(livehouse.processId, minutes);
  await churn.stop();
  const viewers = await crowd.result;
  const lines = errorLines(livehouse.log());
  await livehouse.stop();
  const warm = memory.filter(({ x }) => x >= minutes * WARM_UP_SHARE);
  const faults = Object.entries(viewers.faults).filter(([what]) => !expectedFaults.has(what));
  return {
    bench: "soak",
    figures: [
      { figure: "unhandled errors in the log", unit: "", aim: 0, reached: lines.length, reference: null },
      {
        figure: "viewers' errors beside a publisher's absence",
        unit: "",
        aim: 0,
        reached: faults.reduce((sum, [, count]) => sum + count, 0),
        reference: null,
      },
      {
        figure: `growth of media's resident memory after ${rounded(minutes * WARM_UP_SHARE, 1)} of ${minutes} minutes`,
        unit: "MB/minute",
        aim: 1,
        reached: rounded(slopeOf(warm), 2),
        reference: null,
      },
      {
        figure: "resident memory of media at the end",
        unit: "MB",
        aim: null,
        reached: rounded(memory.at(-1)?.y ?? Number.NaN),
        reference: null,
      },
    ],
    remarks: [...faults.map(([what, count]) => `viewers met "${what}" ${count} times`), ...new Set(lines)].slice(0, 20),
    detail: {
      minutes,
      publishers: churn.counts,
      viewers,
      machine: machine(),
      memory: memory.map(({ x, y }) => [rounded(x, 2), rounded(y, 1)]),
    },
  };
}
