import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { type OnPublishEndRequest, onPublishEndAnswerSchema } from "@/lib/media-contract/publish-calls";
import type { SignedCaller } from "./signed-call";

type End = Omit<OnPublishEndRequest, "mediaBootId">;

const MAX_WAITING = 10_000;
const TIMEOUT_MS = 2_000;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;

/**
 * The ends of live sessions that the portal has yet to hear of, told one after the other, repeated with growing pauses.
 * Bounded: should the oldest ever be dropped, the portal ends that session itself when its lease runs out.
 */
export class EndReports {
  private readonly waiting: End[] = [];
  private readonly stop = new AbortController();
  private run: Promise<void> | null = null;

  constructor(
    private readonly mediaBootId: string,
    private readonly call: SignedCaller,
    private readonly log: Logger,
  ) {}

  add(end: End): void {
    if (this.stop.signal.aborted) return;
    if (this.waiting.length >= MAX_WAITING) this.waiting.shift();
    this.waiting.push(end);
    this.start();
  }

  /** Resolves when every end is told, or after `graceMs`; nothing is tried after that. */
  async drain(graceMs: number): Promise<void> {
    const patience = new AbortController();
    const tooLate = delay(graceMs, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([this.run ?? Promise.resolve(), tooLate]);
    patience.abort();
    this.stop.abort();
  }

  private start(): void {
    if (this.run || this.waiting.length === 0 || this.stop.signal.aborted) return;
    this.run = this.work().finally(() => {
      this.run = null;
      this.start();
    });
  }

  private async work(): Promise<void> {
    let pauseMs = FIRST_RETRY_MS;
    for (let end = this.waiting[0]; end && !this.stop.signal.aborted; end = this.waiting[0]) {
      if (await this.tell(end)) {
        this.waiting.splice(this.waiting.indexOf(end), 1);
        pauseMs = FIRST_RETRY_MS;
      } else {
        await delay(pauseMs, undefined, { signal: this.stop.signal }).catch(() => undefined);
        pauseMs = Math.min(2 * pauseMs, LONGEST_RETRY_MS);
      }
    }
  }

  /** @returns whether there is nothing more to do about it */
  private async tell(end: End): Promise<boolean> {
    const body: OnPublishEndRequest = { mediaBootId: this.mediaBootId, ...end };
    const outcome = await this.call("/api/media/on-publish-end", body, TIMEOUT_MS);
    const fields = { liveSessionId: end.liveSessionId, reason: end.reason };
    if (outcome.kind === "failed") {
      this.log.warn({ ...fields, detail: outcome.detail }, "the end of a live session could not be reported");
      return outcome.isFinal;
    }
    const answer = onPublishEndAnswerSchema.safeParse(outcome.json);
    if (!answer.success) this.log.error(fields, "the portal's answer to on-publish-end has the wrong form");
    return answer.success;
  }
}
