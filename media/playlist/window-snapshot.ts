/** One listed Partial Segment. */
export type PartRow = { partIndex: number; durationSeconds: number; isIndependent: boolean };

/** One Media Segment: complete, or the open one at the end of the window. */
export type SegmentRow = {
  msn: number;
  /** Null while it is open. */
  durationSeconds: number | null;
  /** When its first picture came in, as EXT-X-PROGRAM-DATE-TIME writes it. */
  programDateTime: string;
  /** Its media does not follow on from the segment before. */
  isDiscontinuity: boolean;
  /** Number of the initialization section that it needs. */
  initId: number;
  parts: PartRow[];
};

/** What a media playlist is written from. */
export type WindowSnapshot = {
  targetDurationSeconds: number;
  partTargetSeconds: number;
  /** In order; only the last may be open. */
  segments: readonly SegmentRow[];
  /** Discontinuities that have left the window (EXT-X-DISCONTINUITY-SEQUENCE). */
  discontinuitySequence: number;
  /** Every segment so far began with a key frame. */
  isIndependent: boolean;
  /** The part that comes next (EXT-X-PRELOAD-HINT); null when nothing will. */
  hint: { msn: number; partIndex: number } | null;
  isEnded: boolean;
};
