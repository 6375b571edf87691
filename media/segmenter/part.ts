import type { EndOfSegment } from "./segment-rule";

/** One sample of a fragment (ISO/IEC 14496-12 3.1.17); times in ticks of its track. */
export type Sample = {
  dtsTicks: number;
  durationTicks: number;
  compositionOffsetTicks: number;
  isSync: boolean;
  data: Buffer;
};

/** A closed Partial Segment (RFC 8216bis section 3.2): what came in between two cuts. */
export type Part = {
  msn: number;
  partIndex: number;
  video: Sample[];
  audio: Sample[];
  /** On the 90 kHz clock. */
  startTicks: number;
  /** Between its two cuts, on the 90 kHz clock; never above the part target. */
  durationTicks: number;
  /** Decoding can begin with it. */
  isIndependent: boolean;
};

/** A closed Media Segment: the parts of the same `msn`. */
export type Segment = {
  msn: number;
  durationTicks: number;
  /** Begins with a key frame (or is sound only). */
  isIndependent: boolean;
  end: EndOfSegment;
};

export type Cut = { kind: "part"; part: Part } | { kind: "segment"; segment: Segment };
