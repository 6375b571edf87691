import type { Logger } from "pino";
import type { LiveSessionReport, OnUpdateAnswer } from "@/lib/media-contract/publish-calls";
import type { EndReason } from "@/lib/media-contract/reasons";
import type { Publisher, RtmpMessage } from "../ingest/publisher";
import type { OriginRegistry } from "../origin/origin-registry";
import type { PortalClient, UpdateOutcome } from "../publish/portal-client";
import type { AcceptedPublish } from "../publish/publish-gate";
import { LiveSession, type LiveSessionSettings } from "./live-session";

export type LiveRegistryOptions = {
  portal: Pick<PortalClient, "update" | "reportEnd">;
  origin: OriginRegistry;
  settings: LiveSessionSettings;
  log: Logger;
};

const UPDATE_EVERY_MS = 5_000;
const RETRY_UPDATE_MS = 1_000;
/** Changes of state come in bursts: one call tells of all. */
const CHANGE_SETTLES_MS = 10;
/** A disconnect may overtake the verdict that it is about: remembered for as long as a verdict may take, and bounded. */
const REFUSE_FOR_MS = 60_000;
const MOST_REFUSALS = 10_000;

/** Everything that is on the air: at most one live session a channel. Renews their leases and ends what has lost its own. */
export class LiveRegistry {
  private readonly sessions = new Map<string, LiveSession>();
  private readonly refused = new Map<string, { reason: EndReason; untilMs: number }>();
  private timer: NodeJS.Timeout | null = null;
  private dueMs = Number.POSITIVE_INFINITY;
  private isUpdating = false;
  private wasAnswered = false;
  private isChanged = false;
  private isClosed = false;

  constructor(private readonly options: LiveRegistryOptions) {}

  /** Begins to report: the first call also tells the portal that an earlier process is gone. */
  start(): void {
    this.schedule(0);
  }

  /** The portal has accepted this publisher. */
  accept(publisher: Publisher, answer: AcceptedPublish, headers: RtmpMessage[]): void {
    const refusal = this.refusalOf(answer.liveSessionId);
    if (refusal || this.isClosed) {
      publisher.reject(refusal?.reason === "owner-banned" ? "banned-owner" : "revoked-key");
      this.reportEnd(answer.liveSessionId, answer.publishNumber, refusal?.reason ?? "server-shutdown");
      return;
    }
    const session = this.sessions.get(answer.liveSessionId) ?? this.open(answer);
    session.attach(publisher, answer.publishNumber, answer.leaseSeconds, headers);
    this.schedule(CHANGE_SETTLES_MS);
  }

  /** Cuts a live session now. */
  disconnect(liveSessionId: string, reason: EndReason): "disconnected" | "not-here" {
    this.refuse(liveSessionId, reason);
    const session = this.sessions.get(liveSessionId);
    if (!session) return "not-here";
    session.end(reason);
    return "disconnected";
  }

  reports(): (LiveSessionReport & { handle: string })[] {
    return [...this.sessions.values()].map((session) => ({ ...session.report(), handle: session.handle }));
  }

  get windowBytes(): number {
    return [...this.sessions.values()].reduce((sum, session) => sum + session.windowBytes, 0);
  }

  /** Ends every session; the encoders come back to the next process. */
  async close(): Promise<void> {
    this.isClosed = true;
    if (this.timer) clearTimeout(this.timer);
    const sessions = [...this.sessions.values()];
    for (const session of sessions) session.end("server-shutdown");
    await Promise.all(sessions.map((session) => session.dispose()));
  }

  private open(answer: AcceptedPublish): LiveSession {
    // A handle's older session can only be one that the portal no longer knows: the new one takes its place.
    for (const other of this.sessions.values()) if (other.handle === answer.handle) other.end("encoder-lost");
    const { liveSessionId, handle } = answer;
    const session: LiveSession = new LiveSession({
      liveSessionId,
      handle,
      settings: this.options.settings,
      registry: this.options.origin,
      log: this.options.log,
      onChanged: () => this.schedule(CHANGE_SETTLES_MS),
      onEnded: (reason) => {
        this.sessions.delete(liveSessionId);
        this.reportEnd(liveSessionId, session.newestPublishNumber, reason);
      },
    });
    this.sessions.set(liveSessionId, session);
    return session;
  }

  private reportEnd(liveSessionId: string, publishNumber: number, reason: EndReason): void {
    this.options.portal.reportEnd({ liveSessionId, publishNumber: Math.max(1, publishNumber), reason });
  }

  private refusalOf(liveSessionId: string): { reason: EndReason } | null {
    const refusal = this.refused.get(liveSessionId);
    return refusal && refusal.untilMs > performance.now() ? refusal : null;
  }

  private refuse(liveSessionId: string, reason: EndReason): void {
    const nowMs = performance.now();
    for (const [id, { untilMs }] of this.refused) {
      if (untilMs > nowMs && this.refused.size < MOST_REFUSALS) break;
      this.refused.delete(id);
    }
    this.refused.set(liveSessionId, { reason, untilMs: nowMs + REFUSE_FOR_MS });
  }

  private schedule(inMs: number): void {
    const dueMs = performance.now() + inMs;
    if (this.isClosed || dueMs >= this.dueMs) return;
    if (this.isUpdating) {
      this.isChanged = true;
      return;
    }
    if (this.timer) clearTimeout(this.timer);
    this.dueMs = dueMs;
    this.timer = setTimeout(() => {
      this.update().catch((error: Error) => this.options.log.error({ error: error.message }, "an update failed"));
    }, inMs);
  }

  private async update(): Promise<void> {
    this.dueMs = Number.POSITIVE_INFINITY;
    this.isUpdating = true;
    this.isChanged = false;
    let isAnswered = false;
    try {
      const asked = [...this.sessions.values()];
      const outcome = await this.options.portal.update(asked.map((session) => session.report()));
      isAnswered = outcome.kind === "answered";
      if (outcome.kind === "answered") this.obey(outcome.answer);
      else this.noteUnanswered(outcome);
      this.wasAnswered ||= isAnswered;
      for (const session of asked) if (session.isLeaseOver()) session.end("lease-expired");
    } finally {
      // Whatever happened: leases that are never looked at again would never end.
      this.isUpdating = false;
      const nextMs = isAnswered ? UPDATE_EVERY_MS : RETRY_UPDATE_MS;
      this.schedule(this.isChanged ? CHANGE_SETTLES_MS : nextMs);
    }
  }

  /** Both processes start together, so the first calls may well come before the portal listens. */
  private noteUnanswered({ kind, detail }: Exclude<UpdateOutcome, { kind: "answered" }>): void {
    const { log } = this.options;
    if (kind === "refused") log.error({ detail }, "the portal refuses what media says");
    else if (this.wasAnswered) log.warn({ detail }, "the portal did not take the update");
    else log.info({ detail }, "the portal is not there yet");
  }

  private obey({ sessions }: OnUpdateAnswer): void {
    for (const verdict of sessions) {
      const session = this.sessions.get(verdict.liveSessionId);
      if (verdict.kind === "continue") session?.renewLease(verdict.leaseSeconds);
      else session?.end(verdict.reason);
    }
  }
}
