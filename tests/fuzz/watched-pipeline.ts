import assert from "node:assert/strict";
import { CodecError } from "@/media/codec/codec-error";
import type { FlvMessage } from "@/media/flv/read-flv-message";
import { LivePipeline, type PipelineFault } from "@/media/live/live-pipeline";
import { checkInitSection, trackRunsOf } from "./read-boxes";

const TARGET_SECONDS = 2;
const PART_SECONDS = 0.2;
/** 16 MB wait for a track, 16 MB lie in the open part, and the message that goes over has no more than 8. */
const MOST_HELD_BYTES = 40 * 2 ** 20;
const TICK = 1 / 90_000;

type Entry = { msn: number; partIndex: number; durationSeconds: number };

/** The pure stages from a FLV message to fragments, with what must hold of everything that comes out. */
export class WatchedPipeline {
  parts = 0;
  private partTarget: number | null = null;
  private hasInit = false;
  private isOver = false;
  private open: Entry[] = [];
  private lastMsn = 0;
  private readonly ends = new Map<number, number>();
  private readonly pipeline = new LivePipeline({
    partTargetSeconds: PART_SECONDS,
    targetDurationSeconds: TARGET_SECONDS,
    sink: {
      init: (bytes) => {
        checkInitSection(bytes);
        this.hasInit = true;
        // Sound may go on in another timescale.
        this.ends.delete(2);
      },
      discontinuity: () => {},
      part: (part, target) => this.part(part, target),
      segment: (msn, durationSeconds) => this.segment(msn, durationSeconds),
    },
  });

  /** @returns what ended the stream, or null. @throws whatever is not a CodecError, and AssertionError */
  push(message: FlvMessage, arrivalMs: number): PipelineFault["reason"] | "codec" | null {
    if (this.isOver) return null;
    let end: PipelineFault["reason"] | "codec" | null = null;
    try {
      end = this.pipeline.push(message, arrivalMs)?.reason ?? null;
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      end = "codec";
    }
    assert.ok(this.pipeline.heldBytes <= MOST_HELD_BYTES, `${this.pipeline.heldBytes} bytes are held`);
    if (end) this.finish();
    return end;
  }

  reconnect(gapMs: number): void {
    if (this.isOver) return;
    this.pipeline.pause();
    this.pipeline.resume(gapMs);
  }

  finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.pipeline.pause();
    assert.equal(this.open.length, 0, "a segment stays open");
  }

  private part(part: Entry & { bytes: Buffer; startMs: number }, target: number): void {
    this.parts++;
    this.partTarget ??= target;
    assert.ok(this.hasInit, "a part before its initialization section");
    assert.equal(target, this.partTarget, "PART-TARGET has changed");
    assert.ok(target > PART_SECONDS / 4 && target <= TARGET_SECONDS, `a PART-TARGET of ${target}`);
    assert.ok(part.durationSeconds > 0 && part.durationSeconds <= target + TICK, `a part of ${part.durationSeconds} s`);
    assert.ok(Number.isFinite(part.startMs), "a part without a date");
    assert.equal(part.msn, this.lastMsn + 1, "a part of another segment");
    assert.equal(part.partIndex, this.open.length, "a part out of order");
    this.open.push(part);
    const runs = trackRunsOf(part.bytes);
    assert.ok(runs.length > 0, "a part without a sample");
    for (const { trackId, startTicks, endTicks } of runs) {
      assert.ok(startTicks >= (this.ends.get(trackId) ?? 0) - 1, `track ${trackId} goes back to ${startTicks}`);
      assert.ok(Number.isSafeInteger(endTicks), "times beyond all bounds");
      this.ends.set(trackId, startTicks);
    }
  }

  private segment(msn: number, durationSeconds: number): void {
    assert.equal(msn, this.lastMsn + 1, "a segment out of order");
    assert.ok(Math.round(durationSeconds) <= TARGET_SECONDS, `a segment of ${durationSeconds} s`);
    const sum = this.open.reduce((total, part) => total + part.durationSeconds, 0);
    assert.ok(Math.abs(sum - durationSeconds) < 1e-6, `parts of ${sum} s in a segment of ${durationSeconds} s`);
    for (const part of this.open.slice(0, -1)) {
      const least = 0.85 * (this.partTarget ?? 0) - TICK;
      assert.ok(part.durationSeconds >= least, `a part of ${part.durationSeconds} s that is not the segment's last`);
    }
    this.lastMsn = msn;
    this.open = [];
  }
}
