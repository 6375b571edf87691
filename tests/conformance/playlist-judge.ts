import type { ReadPlaylist, ReadSegment } from "./read-playlist";

/** Reads the playlists of one broadcast one after the other, and notes every rule of RFC 8216bis that one breaks. */
export class PlaylistJudge {
  /** @param largestDateStepMs by how much a segment's date may differ from its neighbour's end: more where an encoder leaves frames out */
  constructor(private readonly largestDateStepMs = 100) {}

  readonly faults = new Set<string>();
  /** As listed last, with the parts that were listed before. */
  readonly segments = new Map<number, ReadSegment>();
  list: ReadPlaylist | null = null;
  /** Parts that came, and those of them that no hint had announced. */
  readonly parts = { seen: 0, unannounced: 0 };

  /** @param query of the blocking reload that it answers, empty for none */
  take(list: ReadPlaylist, query = ""): void {
    this.judgeHead(list);
    for (const segment of list.segments) this.judgeSegment(segment, list);
    for (let i = 1; i < list.segments.length; i++) this.judgeNeighbours(list.segments[i - 1], list.segments[i]);
    if (this.list) this.judgeChange(this.list, list, query);
    if (this.list) this.countHints(this.list, list);
    this.list = list;
    for (const segment of list.segments) this.keep(segment);
  }

  /** A delta update of the same moment as `full` (RFC 8216bis 6.2.5.1): what it leaves out, a player takes from what it has. */
  takeDelta(full: ReadPlaylist, delta: ReadPlaylist): void {
    // A player counts discontinuities on from the segments that it has.
    const plain = (segments: ReadSegment[]) =>
      JSON.stringify(segments.map((segment) => ({ ...segment, discontinuitySequence: 0 })));
    const merged = [...full.segments.slice(0, delta.skipped), ...delta.segments];
    this.expect(plain(merged) === plain(full.segments), "a delta update and the full playlist differ");
    this.expect(delta.mediaSequence === full.mediaSequence, "a delta update begins elsewhere");
    this.expect(delta.hint === full.hint, "a delta update hints at another part");
    const kept = full.segments.slice(delta.skipped).reduce((sum, { duration }) => sum + duration, 0);
    const isTooMuch = delta.skipped > 0 && kept < Number(full.control["CAN-SKIP-UNTIL"]);
    this.expect(!isTooMuch, "a delta update leaves out too much");
  }

  expect(isGood: boolean, fault: string): void {
    if (!isGood) this.faults.add(fault);
  }

  private countHints(before: ReadPlaylist, list: ReadPlaylist): void {
    const first = list.segments
      .flatMap(({ msn, parts }) => parts.slice(this.segments.get(msn)?.parts.length ?? 0))
      .at(0);
    if (!first) return;
    this.parts.seen++;
    if (first.uri !== before.hint) this.parts.unannounced++;
  }

  private keep(segment: ReadSegment): void {
    const known = this.segments.get(segment.msn);
    this.segments.set(segment.msn, segment.parts.length === 0 && known ? { ...segment, parts: known.parts } : segment);
  }

  private judgeHead(list: ReadPlaylist): void {
    const control = (name: string) => Number(list.control[name]);
    this.expect(list.control["CAN-BLOCK-RELOAD"] === "YES", "blocking reload is not offered");
    this.expect(control("PART-HOLD-BACK") >= 3 * list.partTarget - 1e-9, "PART-HOLD-BACK is less than three parts");
    this.expect(control("HOLD-BACK") >= 3 * list.targetDuration, "HOLD-BACK is less than three target durations");
    this.expect(
      control("CAN-SKIP-UNTIL") >= 6 * list.targetDuration,
      "CAN-SKIP-UNTIL is less than six target durations",
    );
    this.expect(list.isEnded || list.hint !== null, "no preload hint");
    this.expect(
      list.segments.every(({ map }) => map !== null),
      "a segment without EXT-X-MAP",
    );
  }

  private judgeSegment(segment: ReadSegment, list: ReadPlaylist): void {
    const { msn, parts, duration, uri } = segment;
    this.expect(Math.round(duration) <= list.targetDuration, `segment ${msn} is too long: ${duration}`);
    parts.forEach((part, index) => {
      this.expect(part.duration <= list.partTarget, `part ${msn}.${index} is too long: ${part.duration}`);
      const isLast = index === parts.length - 1;
      this.expect(
        isLast || part.duration >= 0.85 * list.partTarget - 1e-9,
        `part ${msn}.${index} is too short: ${part.duration}`,
      );
    });
    this.expect(parts.length === 0 || segment.dateMs !== null, `segment ${msn} has no date`);
    if (parts.length === 0 || !uri) return;
    const sum = parts.reduce((total, part) => total + part.duration, 0);
    this.expect(Math.abs(sum - duration) < 0.001, `the parts of segment ${msn} last ${sum}, it lasts ${duration}`);
    if (list.isIndependent)
      this.expect(parts[0]?.isIndependent === true, `segment ${msn} does not begin with a key frame`);
  }

  private judgeNeighbours(before: ReadSegment | undefined, segment: ReadSegment | undefined): void {
    if (!before || !segment) return;
    if (segment.map !== before.map)
      this.expect(segment.hasDiscontinuity, `segment ${segment.msn} has another MAP without a discontinuity`);
    if (segment.hasDiscontinuity || before.dateMs === null || segment.dateMs === null) return;
    const off = segment.dateMs - before.dateMs - before.duration * 1000;
    this.expect(
      Math.abs(off) < this.largestDateStepMs,
      `the date of segment ${segment.msn} is off by ${Math.round(off)} ms`,
    );
  }

  private judgeChange(before: ReadPlaylist, list: ReadPlaylist, query: string): void {
    this.expect(list.targetDuration === before.targetDuration, "the target duration changed");
    this.expect(list.partTarget === before.partTarget, "PART-TARGET changed");
    this.expect(list.mediaSequence >= before.mediaSequence, "the media sequence went back");
    const [, msn, part] = /msn=(\d+)&_HLS_part=(\d+)/.exec(query) ?? [];
    const last = list.segments.at(-1);
    const isThere =
      last &&
      (last.msn > Number(msn) || (last.msn === Number(msn) && (last.uri !== null || last.parts.length > Number(part))));
    this.expect(!query || list.isEnded || isThere === true, `a reload ${query} came without what it asked for`);
    for (const segment of list.segments) {
      const known = this.segments.get(segment.msn);
      if (known?.uri)
        this.expect(
          known.uri === segment.uri && known.duration === segment.duration && known.map === segment.map,
          `segment ${segment.msn} changed`,
        );
      if (known)
        this.expect(
          known.dateMs === segment.dateMs && known.discontinuitySequence === segment.discontinuitySequence,
          `segment ${segment.msn} changed its date or discontinuity`,
        );
      known?.parts.forEach((part, index) => {
        const now = segment.parts[index];
        this.expect(
          !now || (now.uri === part.uri && now.duration === part.duration),
          `part ${segment.msn}.${index} changed`,
        );
      });
    }
  }
}
