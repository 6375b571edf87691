import type { StreamWindow } from "./stream-window";

/** What a request deserves now. `wait`: ask again at the window's next change. */
export type Verdict = "ready" | "wait" | "bad-request" | "not-found";

/** Where a blocking reload wants the playlist to reach; null for a plain one. */
export type ReloadTarget = { msn: number; partIndex: number | null } | null;

const DECIMAL = /^\d{1,15}$/;

/** How far beyond the end a part may be asked for, by RFC 8216bis 6.2.5.2: three seconds of parts. */
function advancePartLimit(partTargetSeconds: number): number {
  return partTargetSeconds < 1 ? Math.ceil(3 / partTargetSeconds) : 3;
}

/** Reads `_HLS_msn`, `_HLS_part` and `_HLS_skip`; null when they are malformed (RFC 8216bis 6.2.5). */
export function parseReload(query: string): { target: ReloadTarget; isDelta: boolean } | null {
  if (!query.includes("_HLS_")) return { target: null, isDelta: false };
  const params = new URLSearchParams(query);
  const read = (name: string): number | null | undefined => {
    const values = params.getAll(name);
    if (values.length === 0) return null;
    return values.length === 1 && DECIMAL.test(values[0] ?? "") ? Number(values[0]) : undefined;
  };
  const msn = read("_HLS_msn");
  const partIndex = read("_HLS_part");
  if (msn === undefined || partIndex === undefined) return null;
  const skip = params.get("_HLS_skip");
  const isDelta = skip === "YES" || skip === "v2";
  if (msn === null) return partIndex === null ? { target: null, isDelta } : null;
  return { target: { msn, partIndex }, isDelta };
}

/** A (blocking) playlist reload, RFC 8216bis 6.2.5.2. */
export function resolveReload(window: StreamWindow, target: ReloadTarget): Verdict {
  if (target === null || window.isEnded) return "ready";
  const { msn: edge, partCount } = window.edge;
  if (target.msn > edge + 1) return "bad-request";
  if (target.partIndex === null) return target.msn < edge ? "ready" : "wait";
  return resolvePartReload(window, target.msn, target.partIndex, edge, partCount);
}

function resolvePartReload(
  window: StreamWindow,
  msn: number,
  partIndex: number,
  edge: number,
  partCount: number,
): Verdict {
  const limit = advancePartLimit(window.partTargetSeconds);
  if (msn === edge) {
    if (partIndex < partCount) return "ready";
    return partIndex > partCount - 1 + limit ? "bad-request" : "wait";
  }
  if (msn > edge) return partIndex >= limit ? "bad-request" : "wait";
  // Beyond the last part of a complete segment, the first part of the following one is meant.
  const isBeyond = msn === edge - 1 && window.partCount(msn) <= partIndex;
  return isBeyond && partCount === 0 ? "wait" : "ready";
}

/** A Partial Segment: those that come next are held (EXT-X-PRELOAD-HINT, RFC 8216bis 6.2.6). */
export function resolvePart(window: StreamWindow, msn: number, partIndex: number): Verdict {
  if (window.part(msn, partIndex)) return "ready";
  const { msn: edge, partCount } = window.edge;
  if (window.isEnded || msn < edge || (msn === edge && partIndex < partCount)) return "not-found";
  const isNext = (msn === edge && partIndex === partCount) || (msn === edge + 1 && partIndex === 0);
  return isNext ? "wait" : "bad-request";
}

/** A whole Media Segment: there, gone, or not yet listed. */
export function resolveSegment(window: StreamWindow, msn: number): Verdict {
  if (window.segment(msn)) return "ready";
  return window.isEnded || msn < window.edge.msn ? "not-found" : "bad-request";
}
