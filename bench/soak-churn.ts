import { setTimeout as wait } from "node:timers/promises";
import { type ClipPublisher, startClipPublisher } from "./camera/clip-publisher";
import type { MeasuredChannel } from "./measured-server";

export type Churn = {
  /** How often a publisher was killed, said goodbye, came back, and ended although nobody told it to. */
  readonly counts: { crashes: number; goodbyes: number; returns: number; unasked: number };
  /** Stops dropping publishers; those that are there stay. */
  stop(): Promise<void>;
};

/** Mean time that a publisher stays. */
const STAY_MS = 60_000;
/** Most come back to the same broadcast, some after it has ended (30 s). */
const AWAY_MS = { least: 500, usual: 15_000, long: 40_000 };
const LONG_SHARE = 0.15;

const stayMs = () => Math.min(240_000, 5_000 - STAY_MS * Math.log(1 - Math.random()));
const awayMs = () =>
  Math.random() < LONG_SHARE ? AWAY_MS.long : AWAY_MS.least + Math.random() * (AWAY_MS.usual - AWAY_MS.least);

/** Keeps a publisher on each channel, kills it (or, one time in five, ends it politely) at random and brings it back. */
export function startChurn(channels: MeasuredChannel[], clip: string): Churn {
  const stopping = new AbortController();
  const counts: Churn["counts"] = { crashes: 0, goodbyes: 0, returns: 0, unasked: 0 };
  const pause = (ms: number) => wait(ms, undefined, { signal: stopping.signal }).catch(() => undefined);

  const drop = (publisher: ClipPublisher): Promise<void> => {
    if (Math.random() < 0.2) {
      counts.goodbyes += 1;
      return publisher.stop();
    }
    counts.crashes += 1;
    return publisher.crash();
  };
  const keepOn = async ({ publishUrl }: MeasuredChannel): Promise<void> => {
    for (let publisher = startClipPublisher(publishUrl, clip); ; counts.returns += 1) {
      await pause(stayMs());
      if (stopping.signal.aborted) return;
      if (publisher.isRunning) await drop(publisher);
      else counts.unasked += 1;
      await pause(awayMs());
      if (stopping.signal.aborted) return;
      publisher = startClipPublisher(publishUrl, clip);
    }
  };
  const all = Promise.all(channels.map(keepOn));
  return {
    counts,
    stop: async () => {
      stopping.abort();
      await all;
    },
  };
}
