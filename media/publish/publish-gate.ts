import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { OnPublishAnswer } from "@/lib/media-contract/publish-calls";
import type { Publisher, PublisherLeft, RtmpMessage } from "../ingest/publisher";
import { KeyAttempts, type Verdict } from "./key-attempts";
import type { PortalClient } from "./portal-client";
import { SequenceHeaders } from "./sequence-headers";

export type AcceptedPublish = Extract<OnPublishAnswer, { kind: "accepted" }>;

export type PublishGateOptions = {
  portal: Pick<PortalClient, "askToPublish">;
  log: Logger;
  /**
   * The portal says yes. Attach with `publisher.handle`, take the sequence headers that came early, then `publisher.accept()`, or `reject`.
   * A publisher that has left meanwhile is handed over all the same, as the portal counts it as live: its `left` comes right after `handle`.
   */
  onAccepted(publisher: Publisher, answer: AcceptedPublish, sequenceHeaders: RtmpMessage[]): void;
};

export type PublishGate = {
  /** For `createIngestServer`'s `onPublishRequested`: pending, then accepted or rejected. Never throws. */
  publishRequested(publisher: Publisher): void;
};

/** Stands between ingest and everything else: nothing of a publisher gets past it before the portal has said yes. */
export function createPublishGate({ portal, log, onAccepted }: PublishGateOptions): PublishGate {
  const attempts = new KeyAttempts();

  const ask = async (publisher: Publisher, hasLeft: () => boolean): Promise<OnPublishAnswer | { kind: "left" }> => {
    const { application, streamKey, remoteAddress, encoder } = publisher;
    const attempt = attempts.begin(remoteAddress, streamKey, performance.now());
    if (attempt.kind === "refuse") return { kind: "rejected", reason: "too-many-attempts", description: "" };
    let verdict: Verdict = "other";
    try {
      if (attempt.delayMs > 0) await delay(attempt.delayMs, undefined, { ref: false });
      if (hasLeft()) return { kind: "left" };
      const answer = await portal.askToPublish({ application, streamKey, remoteAddress, encoder });
      verdict = verdictOf(answer);
      return answer;
    } finally {
      attempt.answered(verdict, performance.now());
    }
  };

  const pass = async (publisher: Publisher): Promise<void> => {
    const headers = new SequenceHeaders();
    let end: PublisherLeft | null = null;
    publisher.handle({
      message: (message) => headers.keep(message),
      left: (how) => {
        end = how;
      },
    });
    const answer = await ask(publisher, () => end !== null);
    if (answer.kind === "accepted") onAccepted(publisher, answer, headers.messages());
    else if (answer.kind === "rejected") publisher.reject(answer.reason);
  };

  return {
    publishRequested(publisher) {
      pass(publisher).catch((error: unknown) => {
        log.error({ err: error, publisher: publisher.id }, "a publish request could not be decided");
        publisher.disconnect("internal-error");
      });
    },
  };
}

function verdictOf(answer: OnPublishAnswer): Verdict {
  if (answer.kind === "accepted") return "accepted";
  return answer.reason === "unknown-key" ? "unknown-key" : "other";
}
