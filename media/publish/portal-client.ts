import type { Logger } from "pino";
import {
  type LiveSessionReport,
  type OnPublishAnswer,
  type OnPublishEndRequest,
  type OnPublishRequest,
  type OnUpdateAnswer,
  onPublishAnswerSchema,
  onUpdateAnswerSchema,
} from "@/lib/media-contract/publish-calls";
import { rejectDescriptions } from "@/lib/media-contract/reasons";
import { EndReports } from "./end-reports";
import { createSignedCaller } from "./signed-call";

export type PortalClientOptions = {
  /** Where media calls the portal, such as `http://127.0.0.1:3000`. */
  portalUrl: string;
  /** MEDIA_SECRET. */
  secret: string;
  /** This media process; a new UUID after every restart. */
  mediaBootId: string;
  log: Logger;
  askTimeoutMs?: number;
  updateTimeoutMs?: number;
};

export type UpdateOutcome =
  | { kind: "answered"; answer: OnUpdateAnswer }
  | { kind: "unreachable" | "refused"; detail: string };

export type PortalClient = {
  /** May this key go live? Fails closed: whatever goes wrong is `rejected` with `portal-unreachable`. */
  askToPublish(request: Omit<OnPublishRequest, "mediaBootId">): Promise<OnPublishAnswer>;
  /** Everything that is on the air. Numbers the calls itself. */
  update(sessions: LiveSessionReport[]): Promise<UpdateOutcome>;
  /** Returns at once; repeated in the background until the portal has answered. */
  reportEnd(end: Omit<OnPublishEndRequest, "mediaBootId">): void;
  /** Waits up to `graceMs` for the ends still to be reported, then cuts every call off. */
  close(graceMs: number): Promise<void>;
};

const ASK_TIMEOUT_MS = 5_000;
const UPDATE_TIMEOUT_MS = 2_000;

const unreachable: OnPublishAnswer = {
  kind: "rejected",
  reason: "portal-unreachable",
  description: rejectDescriptions["portal-unreachable"],
};

/** Media's side of the three calls that the portal answers. */
export function createPortalClient(options: PortalClientOptions): PortalClient {
  const { mediaBootId, log } = options;
  const closing = new AbortController();
  const call = createSignedCaller(options.portalUrl, options.secret, closing.signal);
  const ends = new EndReports(mediaBootId, call, log);
  let sequence = 0;

  return {
    async askToPublish(request) {
      const path = "/api/media/on-publish";
      const outcome = await call(path, { mediaBootId, ...request }, options.askTimeoutMs ?? ASK_TIMEOUT_MS);
      if (outcome.kind === "failed") {
        log.warn({ reason: outcome.detail }, "the portal could not be asked about a publisher");
        return unreachable;
      }
      const answer = onPublishAnswerSchema.safeParse(outcome.json);
      if (answer.success) return answer.data;
      log.error("the portal's answer to on-publish has the wrong form");
      return unreachable;
    },

    async update(sessions) {
      const body = { mediaBootId, sequence: sequence++, sessions };
      const outcome = await call("/api/media/on-update", body, options.updateTimeoutMs ?? UPDATE_TIMEOUT_MS);
      if (outcome.kind === "failed")
        return { kind: outcome.isRefused ? "refused" : "unreachable", detail: outcome.detail };
      const answer = onUpdateAnswerSchema.safeParse(outcome.json);
      if (answer.success) return { kind: "answered", answer: answer.data };
      return { kind: "unreachable", detail: "the answer has the wrong form" };
    },

    reportEnd(end) {
      ends.add(end);
    },

    async close(graceMs) {
      await ends.drain(graceMs);
      closing.abort();
    },
  };
}
