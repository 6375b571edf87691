import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { parseReload, resolvePart, resolveReload, resolveSegment } from "./resolve";
import { SegmentStore } from "./segment-store";
import { StreamWindow } from "./stream-window";

/** Segments 1 to 3 complete with ten parts each; segment 4 open with `openParts`. */
function windowWith(openParts: number): StreamWindow {
  const store = new SegmentStore("/nonexistent/window", pino({ level: "silent" }));
  const window = new StreamWindow({
    targetDurationSeconds: 2,
    partTargetSeconds: 0.2,
    limitSeconds: 600,
    limitBytes: 1e9,
    memorySeconds: 14,
    store,
  });
  window.addInit(Buffer.from("init"));
  for (let msn = 1; msn <= 4; msn++) {
    const count = msn === 4 ? openParts : 10;
    for (let partIndex = 0; partIndex < count; partIndex++) {
      const part = {
        msn,
        partIndex,
        bytes: Buffer.from(`${msn}.${partIndex}`),
        durationSeconds: 0.2,
        isIndependent: partIndex === 0,
        startMs: 0,
      };
      window.addPart(part, { msn, partIndex: partIndex + 1 });
    }
    if (msn < 4) window.endSegment(msn, 2, { msn: msn + 1, partIndex: 0 });
  }
  return window;
}

describe("what a reload asks for", () => {
  const target = (msn: number, partIndex: number | null, isDelta = false) => ({ target: { msn, partIndex }, isDelta });
  const rows: [string, ReturnType<typeof parseReload>][] = [
    ["", { target: null, isDelta: false }],
    ["token=1", { target: null, isDelta: false }],
    ["_HLS_msn=5", target(5, null)],
    ["_HLS_msn=5&_HLS_part=0", target(5, 0)],
    ["_HLS_part=3&x=1&_HLS_msn=5&_HLS_skip=YES", target(5, 3, true)],
    ["_HLS_skip=YES", { target: null, isDelta: true }],
    ["_HLS_skip=v2", { target: null, isDelta: true }],
    ["_HLS_skip=maybe", { target: null, isDelta: false }],
    ["_HLS_part=0", null],
    ["_HLS_msn=-1", null],
    ["_HLS_msn=NaN", null],
    ["_HLS_msn=", null],
    ["_HLS_msn=1.5", null],
    ["_HLS_msn=0x10", null],
    ["_HLS_msn=1e3", null],
    ["_HLS_msn=+5", null],
    [`_HLS_msn=${2 ** 53}`, null],
    ["_HLS_msn=99999999999999999999", null],
    ["_HLS_msn=5&_HLS_part=-1", null],
    ["_HLS_msn=5&_HLS_part=Infinity", null],
    ["_HLS_msn=5&_HLS_msn=6", null],
  ];
  test.each(rows)("%s", (query, expected) => {
    expect(parseReload(query)).toEqual(expected);
  });
});

describe("what a reload deserves", () => {
  // The open segment is number 4 and has 3 parts; in the other case, none.
  const rows: [string, number, number, number | null, string][] = [
    ["a segment that is there", 3, 3, null, "ready"],
    ["the open segment, whole", 3, 4, null, "wait"],
    ["the segment after it", 3, 5, null, "wait"],
    ["two after it", 3, 6, null, "bad-request"],
    ["the far future", 3, 1_000_000, null, "bad-request"],
    ["the past", 3, 0, null, "ready"],
    ["a part that is there", 3, 4, 2, "ready"],
    ["the next part", 3, 4, 3, "wait"],
    ["a part within three seconds", 3, 4, 17, "wait"],
    ["a part beyond three seconds", 3, 4, 18, "bad-request"],
    ["a part of the next segment", 3, 5, 0, "wait"],
    ["a far part of the next segment", 3, 5, 15, "bad-request"],
    ["a part two segments on", 3, 6, 0, "bad-request"],
    ["beyond the last part of a complete segment: the next one's first", 3, 3, 10, "ready"],
    ["the same while the next one has none", 0, 3, 10, "wait"],
    ["far beyond the last part of the last complete segment", 0, 3, 500, "wait"],
    ["beyond the last part of an older segment", 0, 2, 10, "ready"],
    ["the last part of a complete segment", 0, 3, 9, "ready"],
    ["the first part of the open segment", 0, 4, 0, "wait"],
  ];
  test.each(rows)("%s", (_name, openParts, msn, partIndex, expected) => {
    expect(resolveReload(windowWith(openParts), { msn, partIndex })).toBe(expected);
  });

  test("a plain reload, and any reload of an ended broadcast, is answered at once", () => {
    const window = windowWith(3);
    expect(resolveReload(window, null)).toBe("ready");
    window.end();
    expect(resolveReload(window, { msn: 500, partIndex: 7 })).toBe("ready");
  });
});

describe("what a part or a segment deserves", () => {
  const partRows: [string, number, number, number, string][] = [
    ["one that is there", 3, 4, 2, "ready"],
    ["the hinted one", 3, 4, 3, "wait"],
    ["the next segment's first", 3, 5, 0, "wait"],
    ["the first of the segment that comes next", 0, 4, 0, "wait"],
    ["one later than the next", 3, 4, 4, "bad-request"],
    ["beyond a complete segment's last", 3, 3, 10, "not-found"],
    ["one before the window", 3, 0, 0, "not-found"],
    ["the far future", 3, 999, 0, "bad-request"],
  ];
  test.each(partRows)("part: %s", (_name, openParts, msn, partIndex, expected) => {
    expect(resolvePart(windowWith(openParts), msn, partIndex)).toBe(expected);
  });

  test("segment: there, gone, still open, and never to come", () => {
    const window = windowWith(3);
    expect(resolveSegment(window, 3)).toBe("ready");
    expect(resolveSegment(window, 0)).toBe("not-found");
    expect(resolveSegment(window, 4)).toBe("bad-request");
    window.end();
    expect(resolveSegment(window, 4)).toBe("not-found");
    expect(resolvePart(window, 4, 3)).toBe("not-found");
  });
});
