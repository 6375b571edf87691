import type { PartRow, SegmentRow, WindowSnapshot } from "./window-snapshot";

/** Delta updates leave out what is older than this many target durations (RFC 8216bis 4.4.3.8: at least six). */
const SKIP_UNTIL_TARGETS = 6;
/** Parts are listed this many target durations from the end (RFC 8216bis 4.4.4.9). */
const PARTS_TARGETS = 3;
const HOLD_BACK_TARGETS = 3;
const HOLD_BACK_PARTS = 3;

export const initName = (initId: number): string => `init-${initId}.mp4`;
export const segmentName = (msn: number): string => `s${msn}.m4s`;
export const partName = (msn: number, partIndex: number): string => `p${msn}.${partIndex}.m4s`;

/** Seconds with five digits: two microseconds of rounding a segment never add up to a frame in a window. */
const seconds = (value: number): string => String(Number(value.toFixed(5)));

/** The text of a segment's own lines changes once, when it closes: kept for every playlist it is still in. */
const rendered = new WeakMap<SegmentRow, { initLine: boolean; text: string }>();

/**
 * A media playlist of RFC 8216bis.
 * @param isDelta true for the answer to `_HLS_skip=YES` (section 6.2.5.1); the full one where nothing can be skipped
 */
export function mediaPlaylist(window: WindowSnapshot, isDelta: boolean): string {
  const [first] = window.segments;
  const skipped = isDelta ? skippable(window) : 0;
  const lines = header(window, first?.msn ?? 0);
  if (skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`);
  let initId: number | null = null;
  const partsFrom = firstWithParts(window);
  for (let i = skipped; i < window.segments.length; i++) {
    const row = window.segments[i];
    if (!row) break;
    lines.push(segmentText(row, row.initId !== initId, i >= partsFrom));
    initId = row.initId;
  }
  if (window.isEnded) lines.push("#EXT-X-ENDLIST");
  else if (window.hint)
    lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${partName(window.hint.msn, window.hint.partIndex)}"`);
  return `${lines.filter(Boolean).join("\n")}\n`;
}

function header(window: WindowSnapshot, mediaSequence: number): string[] {
  const target = window.targetDurationSeconds;
  const control = [
    "CAN-BLOCK-RELOAD=YES",
    `PART-HOLD-BACK=${seconds(HOLD_BACK_PARTS * window.partTargetSeconds)}`,
    `HOLD-BACK=${HOLD_BACK_TARGETS * target}`,
    `CAN-SKIP-UNTIL=${SKIP_UNTIL_TARGETS * target}`,
  ];
  return [
    "#EXTM3U",
    "#EXT-X-VERSION:9",
    `#EXT-X-TARGETDURATION:${target}`,
    `#EXT-X-SERVER-CONTROL:${control.join(",")}`,
    `#EXT-X-PART-INF:PART-TARGET=${seconds(window.partTargetSeconds)}`,
    `#EXT-X-MEDIA-SEQUENCE:${mediaSequence}`,
    window.discontinuitySequence > 0 ? `#EXT-X-DISCONTINUITY-SEQUENCE:${window.discontinuitySequence}` : "",
    window.isIndependent ? "#EXT-X-INDEPENDENT-SEGMENTS" : "",
  ];
}

function skippable(window: WindowSnapshot): number {
  let age = 0;
  for (let i = window.segments.length - 1; i >= 0; i--) {
    if (age > SKIP_UNTIL_TARGETS * window.targetDurationSeconds) return i + 1;
    age += spanOf(window.segments[i]);
  }
  return 0;
}

function firstWithParts(window: WindowSnapshot): number {
  let age = 0;
  for (let i = window.segments.length - 1; i >= 0; i--) {
    if (age > PARTS_TARGETS * window.targetDurationSeconds) return i + 1;
    age += spanOf(window.segments[i]);
  }
  return 0;
}

function spanOf(row: SegmentRow | undefined): number {
  if (!row) return 0;
  return row.durationSeconds ?? row.parts.reduce((sum, part) => sum + part.durationSeconds, 0);
}

function segmentText(row: SegmentRow, withInit: boolean, withParts: boolean): string {
  if (withParts)
    return [...opening(row, withInit), ...row.parts.map((part) => partLine(row.msn, part)), ...closing(row)].join("\n");
  const kept = rendered.get(row);
  if (kept && kept.initLine === withInit) return kept.text;
  const text = [...opening(row, withInit), ...closing(row)].join("\n");
  rendered.set(row, { initLine: withInit, text });
  return text;
}

function opening(row: SegmentRow, withInit: boolean): string[] {
  const lines = row.isDiscontinuity ? ["#EXT-X-DISCONTINUITY"] : [];
  if (withInit) lines.push(`#EXT-X-MAP:URI="${initName(row.initId)}"`);
  if (row.parts.length || row.durationSeconds !== null) lines.push(`#EXT-X-PROGRAM-DATE-TIME:${row.programDateTime}`);
  return lines;
}

function closing(row: SegmentRow): string[] {
  return row.durationSeconds === null ? [] : [`#EXTINF:${seconds(row.durationSeconds)},`, segmentName(row.msn)];
}

function partLine(msn: number, part: PartRow): string {
  const independent = part.isIndependent ? ",INDEPENDENT=YES" : "";
  return `#EXT-X-PART:DURATION=${seconds(part.durationSeconds)},URI="${partName(msn, part.partIndex)}"${independent}`;
}
