import { pino } from "pino";
import { SegmentStore } from "@/media/origin/segment-store";
import { StreamWindow, type WindowOptions } from "@/media/origin/stream-window";

export type TestWindowOptions = Partial<WindowOptions> & { folder: string };

/** A window with a folder of its own. */
export function newTestWindow({ folder, ...options }: TestWindowOptions): StreamWindow {
  const ownStore = new SegmentStore(folder, pino({ level: "silent" }));
  const defaults = {
    targetDurationSeconds: 2,
    partTargetSeconds: 0.2,
    limitSeconds: 600,
    limitBytes: 1e9,
    memorySeconds: 14,
  };
  return new StreamWindow({ ...defaults, store: ownStore, ...options });
}

/** The bytes of a part of `fillWindow`. */
export function partBytes(msn: number, partIndex: number, sizeBytes = 100): Buffer {
  return Buffer.alloc(sizeBytes, `${msn}.${partIndex};`);
}

/** Adds complete segments of ten parts of 0.2 s. */
export function fillWindow(window: StreamWindow, fromMsn: number, toMsn: number, sizeBytes = 100): void {
  for (let msn = fromMsn; msn <= toMsn; msn++) {
    for (let partIndex = 0; partIndex < 10; partIndex++) addTestPart(window, msn, partIndex, sizeBytes);
    window.endSegment(msn, 2, { msn: msn + 1, partIndex: 0 });
  }
}

export function addTestPart(window: StreamWindow, msn: number, partIndex: number, sizeBytes = 100): void {
  const bytes = partBytes(msn, partIndex, sizeBytes);
  const part = {
    msn,
    partIndex,
    bytes,
    durationSeconds: 0.2,
    isIndependent: partIndex === 0,
    startMs: msn * 2000 + partIndex * 200,
  };
  window.addPart(part, { msn, partIndex: partIndex + 1 });
}
