import type { CutReason, RefusalReason } from "./ingest-config";
import type { ProtocolErrorCode } from "./protocol-error";

export type IngestCounts = {
  connectionsOpened: number;
  connectionsOpen: number;
  publishersAccepted: number;
  receivedBytes: number;
  refusals: Partial<Record<RefusalReason, number>>;
  cuts: Partial<Record<CutReason, number>>;
  protocolErrors: Partial<Record<ProtocolErrorCode, number>>;
};

/** Counts since the start, for metrics; `connectionsOpen` is the present number. Labels are closed lists, so it never grows. */
export class IngestCounters {
  readonly counts: IngestCounts = {
    connectionsOpened: 0,
    connectionsOpen: 0,
    publishersAccepted: 0,
    receivedBytes: 0,
    refusals: {},
    cuts: {},
    protocolErrors: {},
  };

  refused(reason: RefusalReason): void {
    this.counts.refusals[reason] = (this.counts.refusals[reason] ?? 0) + 1;
  }

  cut(reason: CutReason): void {
    this.counts.cuts[reason] = (this.counts.cuts[reason] ?? 0) + 1;
  }

  protocolError(code: ProtocolErrorCode): void {
    this.counts.protocolErrors[code] = (this.counts.protocolErrors[code] ?? 0) + 1;
  }
}
