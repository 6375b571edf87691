import { setImmediate } from "node:timers/promises";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { OnPublishAnswer } from "@/lib/media-contract/publish-calls";
import type { RejectReason } from "@/lib/media-contract/reasons";
import { recordedTags } from "@/tests/support/flv-tags";
import type { Publisher, PublisherHandlers, RtmpMessage } from "../ingest/publisher";
import { createPublishGate } from "./publish-gate";

class FakePublisher implements Publisher {
  readonly id = "publisher";
  readonly application = "live";
  readonly remoteAddress = "192.0.2.1";
  readonly encoder = "OBS";
  readonly receivedBytes = 0;
  handlers: PublisherHandlers | null = null;
  readonly acts: string[] = [];

  constructor(readonly streamKey = "live_key") {}

  handle(handlers: PublisherHandlers): void {
    this.handlers = handlers;
  }
  accept(): void {
    this.acts.push("accept");
  }
  reject(reason: RejectReason): void {
    this.acts.push(`reject ${reason}`);
  }
  disconnect(detail: string): void {
    this.acts.push(`disconnect ${detail}`);
  }
}

const accepted: OnPublishAnswer = {
  kind: "accepted",
  liveSessionId: "7d1f0a52-8a65-4f0e-8f39-0f6f2f6f1a11",
  publishNumber: 1,
  handle: "ada",
  leaseSeconds: 60,
};
const unknownKey: OnPublishAnswer = { kind: "rejected", reason: "unknown-key", description: "" };

type Passed = { publisher: Publisher; answer: OnPublishAnswer; headers: RtmpMessage[] };

/** A gate whose portal answers what `answer` resolves to. */
function gateWith(answer: () => Promise<OnPublishAnswer>, onAccepted?: () => void) {
  const passed: Passed[] = [];
  const asked: string[] = [];
  const gate = createPublishGate({
    portal: {
      askToPublish({ streamKey }) {
        asked.push(streamKey);
        return answer();
      },
    },
    log: pino({ level: "silent" }),
    onAccepted(publisher, verdict, headers) {
      passed.push({ publisher, answer: verdict, headers });
      onAccepted?.();
    },
  });
  return { gate, passed, asked };
}

const names = { 8: "audio", 9: "video", 18: "data" } as const;
const recorded = recordedTags("h264-aac-4s.flv").map(({ type, timestampMs, payload }): RtmpMessage => {
  return { type: names[type], timestampMs, payload: Buffer.from(payload) };
});

describe("the publish gate", () => {
  it("lets nothing of a pending publisher past but its newest sequence headers", async () => {
    let decide: (answer: OnPublishAnswer) => void = () => {};
    const { gate, passed } = gateWith(() => new Promise((resolve) => (decide = resolve)));
    const publisher = new FakePublisher();
    gate.publishRequested(publisher);
    for (const message of recorded) publisher.handlers?.message(message);
    await setImmediate();
    expect(passed).toEqual([]);
    expect(publisher.acts).toEqual([]);
    decide(accepted);
    await setImmediate();
    expect(passed[0]?.headers.map(({ type, payload }) => [type, payload[1]])).toEqual([
      ["data", expect.any(Number)],
      ["video", 0],
      ["audio", 0],
    ]);
    expect(passed[0]?.answer).toEqual(accepted);
  });

  it("keeps a bounded number of bytes, however much a pending publisher sends", async () => {
    const { gate, passed } = gateWith(async () => accepted);
    const publisher = new FakePublisher();
    gate.publishRequested(publisher);
    const huge = Buffer.alloc(1_000_000);
    huge.set([0x17, 0]);
    for (let i = 0; i < 10; i++) publisher.handlers?.message({ type: "video", timestampMs: 0, payload: huge });
    await setImmediate();
    expect(passed[0]?.headers).toEqual([]);
  });

  it("refuses a rejected publisher with the portal's reason", async () => {
    const { gate, passed } = gateWith(async () => unknownKey);
    const publisher = new FakePublisher();
    gate.publishRequested(publisher);
    await setImmediate();
    expect({ acts: publisher.acts, passed }).toEqual({ acts: ["reject unknown-key"], passed: [] });
  });

  it("hands over a publisher that left while the portal said yes, which counts it as live", async () => {
    let decide: (answer: OnPublishAnswer) => void = () => {};
    const { gate, passed } = gateWith(() => new Promise((resolve) => (decide = resolve)));
    const publisher = new FakePublisher();
    gate.publishRequested(publisher);
    await setImmediate();
    publisher.handlers?.left({ kind: "lost", detail: "gone" });
    decide(accepted);
    await setImmediate();
    expect(passed).toHaveLength(1);
  });

  it("refuses at once what guesses on while its guesses are being slowed, and asks the portal no more", async () => {
    const { gate, asked } = gateWith(async () => unknownKey);
    const publishers = Array.from({ length: 30 }, (_, i) => new FakePublisher(`live_guess${i}`));
    for (const publisher of publishers) {
      gate.publishRequested(publisher);
      await setImmediate();
    }
    expect(asked).toHaveLength(10);
    expect(publishers[10]?.acts).toEqual([]);
    expect(publishers[29]?.acts).toEqual(["reject too-many-attempts"]);
  });

  it.each<[string, () => Promise<OnPublishAnswer>, (() => void) | undefined]>([
    ["the portal client", () => Promise.reject(new Error("a fault of ours")), undefined],
    [
      "whoever takes accepted publishers",
      async () => accepted,
      () => {
        throw new Error("a fault of ours");
      },
    ],
  ])("cuts the publisher off at a fault of %s", async (_name, answer, onAccepted) => {
    const { gate } = gateWith(answer, onAccepted);
    const publisher = new FakePublisher();
    gate.publishRequested(publisher);
    await setImmediate();
    expect(publisher.acts).toEqual(["disconnect internal-error"]);
  });
});
