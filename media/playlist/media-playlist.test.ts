import { describe, expect, test } from "vitest";
import { mediaPlaylist } from "./media-playlist";
import { multivariantPlaylist, type VariantDescription } from "./multivariant-playlist";
import type { SegmentRow, WindowSnapshot } from "./window-snapshot";

const date = (msn: number): string => new Date(Date.UTC(2026, 0, 1) + msn * 2000).toISOString();

const parts = (count: number, isIndependent = true) =>
  Array.from({ length: count }, (_, partIndex) => ({
    partIndex,
    durationSeconds: 0.2,
    isIndependent: isIndependent && partIndex === 0,
  }));

/** A complete segment of ten parts, or the open one with `partCount` of them. */
const row = (msn: number, more: Partial<SegmentRow> = {}): SegmentRow => ({
  msn,
  durationSeconds: 2,
  programDateTime: date(msn),
  isDiscontinuity: false,
  initId: 0,
  parts: parts(10),
  ...more,
});
const open = (msn: number, partCount: number, more: Partial<SegmentRow> = {}): SegmentRow =>
  row(msn, { durationSeconds: null, parts: parts(partCount), ...more });

const window = (segments: SegmentRow[], more: Partial<WindowSnapshot> = {}): WindowSnapshot => ({
  targetDurationSeconds: 2,
  partTargetSeconds: 0.2,
  segments,
  discontinuitySequence: 0,
  isIndependent: true,
  hint: { msn: segments.at(-1)?.msn ?? 1, partIndex: segments.at(-1)?.parts.length ?? 0 },
  isEnded: false,
  ...more,
});

const head = (mediaSequence: number, more: string[] = ["#EXT-X-INDEPENDENT-SEGMENTS"]): string[] => [
  "#EXTM3U",
  "#EXT-X-VERSION:9",
  "#EXT-X-TARGETDURATION:2",
  "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.6,HOLD-BACK=6,CAN-SKIP-UNTIL=12",
  "#EXT-X-PART-INF:PART-TARGET=0.2",
  `#EXT-X-MEDIA-SEQUENCE:${mediaSequence}`,
  ...more,
];
const dateLine = (msn: number): string => `#EXT-X-PROGRAM-DATE-TIME:${date(msn)}`;
const partLines = (msn: number, count: number): string[] =>
  parts(count).map(
    ({ partIndex, isIndependent }) =>
      `#EXT-X-PART:DURATION=0.2,URI="p${msn}.${partIndex}.m4s"${isIndependent ? ",INDEPENDENT=YES" : ""}`,
  );
const whole = (msn: number, withParts: boolean): string[] => [
  dateLine(msn),
  ...(withParts ? partLines(msn, 10) : []),
  "#EXTINF:2,",
  `s${msn}.m4s`,
];
const hint = (msn: number, partIndex: number): string => `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p${msn}.${partIndex}.m4s"`;
const map = (initId: number): string => `#EXT-X-MAP:URI="init-${initId}.mp4"`;
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

const tenSegments = window([...range(1, 9).map((msn) => row(msn)), open(10, 3)]);

const table: { name: string; window: WindowSnapshot; isDelta?: boolean; text: string[] }[] = [
  { name: "nothing yet", window: window([], { hint: { msn: 1, partIndex: 0 } }), text: [...head(0), hint(1, 0)] },
  {
    name: "one open segment",
    window: window([open(1, 2)]),
    text: [...head(1), map(0), dateLine(1), ...partLines(1, 2), hint(1, 2)],
  },
  {
    name: "a complete segment, and the next not begun",
    window: window([row(1)], { hint: { msn: 2, partIndex: 0 } }),
    text: [...head(1), map(0), ...whole(1, true), hint(2, 0)],
  },
  {
    name: "parts are listed for three target durations",
    window: tenSegments,
    text: [
      ...head(1),
      map(0),
      ...range(1, 6).flatMap((msn) => whole(msn, false)),
      ...range(7, 9).flatMap((msn) => whole(msn, true)),
      dateLine(10),
      ...partLines(10, 3),
      hint(10, 3),
    ],
  },
  {
    name: "a delta update leaves out what is older than six target durations",
    window: tenSegments,
    isDelta: true,
    text: [
      ...head(1),
      "#EXT-X-SKIP:SKIPPED-SEGMENTS=3",
      map(0),
      ...range(4, 6).flatMap((msn) => whole(msn, false)),
      ...range(7, 9).flatMap((msn) => whole(msn, true)),
      dateLine(10),
      ...partLines(10, 3),
      hint(10, 3),
    ],
  },
  {
    name: "a delta update of a short window is the full playlist",
    window: window([row(1), open(2, 1)]),
    isDelta: true,
    text: [...head(1), map(0), ...whole(1, true), dateLine(2), ...partLines(2, 1), hint(2, 1)],
  },
  {
    name: "a discontinuity with another initialization section",
    window: window([row(5), open(6, 1, { isDiscontinuity: true, initId: 1 })]),
    text: [
      ...head(5),
      map(0),
      ...whole(5, true),
      "#EXT-X-DISCONTINUITY",
      map(1),
      dateLine(6),
      ...partLines(6, 1),
      hint(6, 1),
    ],
  },
  {
    name: "a discontinuity with the same initialization section",
    window: window([row(5), open(6, 1, { isDiscontinuity: true })]),
    text: [...head(5), map(0), ...whole(5, true), "#EXT-X-DISCONTINUITY", dateLine(6), ...partLines(6, 1), hint(6, 1)],
  },
  {
    name: "a window that discontinuities have left, and that begins with one",
    window: window([open(8, 1, { isDiscontinuity: true, initId: 3 })], { discontinuitySequence: 2 }),
    text: [
      ...head(8, ["#EXT-X-DISCONTINUITY-SEQUENCE:2", "#EXT-X-INDEPENDENT-SEGMENTS"]),
      "#EXT-X-DISCONTINUITY",
      map(3),
      dateLine(8),
      ...partLines(8, 1),
      hint(8, 1),
    ],
  },
  {
    name: "segments without a key frame at their start claim nothing",
    window: window([open(3, 2, { parts: parts(2, false) })], { isIndependent: false }),
    text: [
      ...head(3, []),
      map(0),
      dateLine(3),
      '#EXT-X-PART:DURATION=0.2,URI="p3.0.m4s"',
      '#EXT-X-PART:DURATION=0.2,URI="p3.1.m4s"',
      hint(3, 2),
    ],
  },
  {
    name: "an ended broadcast",
    window: window([row(1), row(2, { durationSeconds: 0.4, parts: parts(2) })], { isEnded: true, hint: null }),
    text: [
      ...head(1),
      map(0),
      ...whole(1, true),
      dateLine(2),
      ...partLines(2, 2),
      "#EXTINF:0.4,",
      "s2.m4s",
      "#EXT-X-ENDLIST",
    ],
  },
];

describe("media playlists", () => {
  test.each(table)("$name", ({ window, isDelta = false, text }) => {
    expect(mediaPlaylist(window, isDelta)).toBe(`${text.join("\n")}\n`);
  });

  test("durations keep five digits, and a part's is never above the part target's", () => {
    const third = window(
      [open(1, 0, { parts: [{ partIndex: 0, durationSeconds: 18018 / 90000, isIndependent: true }] })],
      { partTargetSeconds: 18018 / 90000 },
    );
    const text = mediaPlaylist(third, false);
    expect(text).toContain("PART-TARGET=0.2002\n");
    expect(text).toContain("PART-HOLD-BACK=0.6006");
    expect(text).toContain("DURATION=0.2002,");
  });

  test("a segment's lines stay as they are while others come and go before it", () => {
    const shared = row(4);
    const first = mediaPlaylist(window([row(2), row(3), shared, row(5), row(6), row(7), row(8), row(9)]), false);
    const later = mediaPlaylist(window([shared, row(5), row(6), row(7), row(8), row(9)]), false);
    const lines = whole(4, false).join("\n");
    expect(first).toContain(`s3.m4s\n${lines}\n`);
    expect(later).toContain(`${map(0)}\n${lines}\n`);
  });
});

describe("multivariant playlists", () => {
  const variant: VariantDescription = {
    uri: "abc/media.m3u8",
    bandwidth: 3_000_000.2,
    averageBandwidth: 2_500_000,
    codecs: ["avc1.640028", "mp4a.40.2"],
    resolution: { width: 1920, height: 1080 },
    frameRate: 60000 / 1001,
    isIndependent: true,
  };
  const rows: { name: string; variant: VariantDescription; text: string[] }[] = [
    {
      name: "picture and sound",
      variant,
      text: [
        "#EXT-X-INDEPENDENT-SEGMENTS",
        '#EXT-X-STREAM-INF:BANDWIDTH=3000001,AVERAGE-BANDWIDTH=2500000,CODECS="avc1.640028,mp4a.40.2",RESOLUTION=1920x1080,FRAME-RATE=59.940',
      ],
    },
    {
      name: "sound only",
      variant: { ...variant, codecs: ["opus"], resolution: null, frameRate: null },
      text: [
        "#EXT-X-INDEPENDENT-SEGMENTS",
        '#EXT-X-STREAM-INF:BANDWIDTH=3000001,AVERAGE-BANDWIDTH=2500000,CODECS="opus"',
      ],
    },
    {
      name: "segments without key frames, frame rate unknown",
      variant: { ...variant, isIndependent: false, frameRate: null },
      text: [
        '#EXT-X-STREAM-INF:BANDWIDTH=3000001,AVERAGE-BANDWIDTH=2500000,CODECS="avc1.640028,mp4a.40.2",RESOLUTION=1920x1080',
      ],
    },
  ];
  test.each(rows)("$name", ({ variant, text }) => {
    expect(multivariantPlaylist(variant)).toBe(
      `${["#EXTM3U", "#EXT-X-VERSION:9", ...text, "abc/media.m3u8"].join("\n")}\n`,
    );
  });
});
