import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostileInputs } from "@/media/fixtures/hostile/rtmp-inputs";
import { obsBroadcast } from "@/media/fixtures/real/obs-29-broadcast";
import { recordedTags } from "@/tests/support/flv-tags";
import {
  amf0,
  chunked,
  command,
  connectCommand,
  handshake,
  publishCommand,
  setChunkSize,
  uint32,
  untilPublish,
} from "@/tests/support/rtmp-bytes";
import { RtmpReplies } from "@/tests/support/rtmp-replies";
import { ProtocolError } from "./protocol-error";
import type { RtmpMessage } from "./publisher";
import { type PublishRequest, RtmpSession, sessionBounds } from "./rtmp-session";

type Outcome = {
  error: string | null;
  requests: PublishRequest[];
  messages: RtmpMessage[];
  stops: number;
  mostInFlightBytes: number;
  statuses: RtmpReplies;
};

/** Feeds the pieces to a session; a publish request is accepted at once. */
function run(pieces: Buffer[]): Outcome {
  const outcome: Outcome = {
    error: null,
    requests: [],
    messages: [],
    stops: 0,
    mostInFlightBytes: 0,
    statuses: new RtmpReplies(),
  };
  const session = new RtmpSession({
    output: (bytes) => outcome.statuses.read(bytes),
    stepReached() {},
    publishRequested(request) {
      outcome.requests.push(request);
      session.acceptPublish();
    },
    message: (message) => outcome.messages.push(message),
    stopped: () => outcome.stops++,
  });
  try {
    for (const piece of pieces) {
      session.receive(piece);
      outcome.mostInFlightBytes = Math.max(outcome.mostInFlightBytes, session.inFlightBytes);
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    outcome.error = error.code;
  }
  return outcome;
}

/** What must not depend on where the network cuts. */
function essence({ error, requests, messages, stops, statuses }: Outcome) {
  return { error, requests, messages, stops, replies: statuses.types };
}

const video = (timestampMs: number) =>
  chunked({ type: 9, payload: Buffer.from([0x17, 1, 0, 0, 0, 9]), timestampMs, streamId: 1, chunkStreamId: 6 });

const recorded = recordedTags("h264-aac-4s.flv");

describe("RtmpSession", () => {
  it.each(hostileInputs)("ends at $name, wherever the network cuts it", ({ bytes, code }) => {
    const whole = run([bytes]);
    expect(whole.error).toBe(code);
    expect(whole.messages).toEqual([]);
    const handshakeBytes = handshake().length;
    const from = bytes.length > handshakeBytes ? handshakeBytes - 2 : 1;
    const step = bytes.length - from > 10_000 ? 97 : 1;
    for (let cut = from; cut < bytes.length; cut += step) {
      expect(run([bytes.subarray(0, cut), bytes.subarray(cut)]).error, `cut at ${cut}`).toBe(code);
    }
  });

  it("tells the same story of an ordinary broadcast, wherever the network cuts it", () => {
    const bytes = Buffer.concat([
      untilPublish("live_key"),
      setChunkSize(50),
      chunked({
        type: 18,
        payload: amf0("@setDataFrame", "onMetaData", { width: 320 }),
        streamId: 1,
        chunkStreamId: 4,
        chunkSize: 50,
      }),
      video(0),
      video(0x1000000),
      command("FCUnpublish", 6, null, "live_key"),
      command("deleteStream", 7, null, 1),
    ]);
    const whole = essence(run([bytes]));
    expect(whole).toMatchObject({ error: null, stops: 1 });
    expect(whole.messages.map(({ type, timestampMs }) => [type, timestampMs])).toEqual([
      ["data", 0],
      ["video", 0],
      ["video", 0x1000000],
    ]);
    for (let cut = handshake().length - 3; cut < bytes.length; cut++) {
      expect(essence(run([bytes.subarray(0, cut), bytes.subarray(cut)])), `cut at ${cut}`).toEqual(whole);
    }
    expect(essence(run(Array.from(bytes, (byte) => Buffer.from([byte]))))).toEqual(whole);
  });

  it("reads application and key as encoders write them", () => {
    const asked = (application: string, key: string) =>
      run([Buffer.concat([handshake(), connectCommand(application), publishCommand(key)])]).requests[0];
    const encoder = "FMLE/3.0 (compatible; FMSc/1.0)";
    expect(asked("live", "live_k?bandwidthtest=true")).toEqual({ application: "live", streamKey: "live_k", encoder });
    expect(asked("/live/", "live_k")).toMatchObject({ application: "live" });
    expect(asked("live?token=1", "live_k")).toMatchObject({ application: "live" });
    expect(asked("live/sub", "live_k")).toMatchObject({ application: "live/sub" });
  });

  it("takes a connect without tcUrl and with __proto__ among its keys", () => {
    const proto = Buffer.from("\u0000\u0009__proto__", "latin1");
    const object = Buffer.concat([
      amf0({ app: "live" }).subarray(0, -3),
      proto,
      amf0({ polluted: true }),
      Buffer.from([0, 0, 9]),
    ]);
    const connect = chunked({ type: 20, payload: Buffer.concat([amf0("connect", 1), object]) });
    const { error, requests } = run([Buffer.concat([handshake(), connect, publishCommand("live_k")])]);
    expect({ error, asked: requests[0]?.application }).toEqual({ error: null, asked: "live" });
    expect({}).not.toHaveProperty("polluted");
  });

  it("takes a broadcast of OBS 29 from the first byte to the goodbye", () => {
    const { error, requests, messages, stops } = run([obsBroadcast("live_k?bandwidthtest=true", recorded)]);
    expect({ error, requests: requests.map((request) => request.streamKey), stops }).toEqual({
      error: null,
      requests: ["live_k"],
      stops: 1,
    });
    const media = recorded.filter((tag) => tag.type !== 18);
    expect(messages.map(({ type, timestampMs, payload }) => [type, timestampMs, payload])).toEqual([
      ["data", 0, expect.any(Buffer)],
      ...media.map((tag) => [tag.type === 9 ? "video" : "audio", tag.timestampMs, Buffer.from(tag.payload)]),
    ]);
  });

  it("takes the habits of GStreamer: transaction id 0 everywhere, metadata again and again", () => {
    const metadata = chunked({
      type: 18,
      payload: amf0("@setDataFrame", "onMetaData", {}),
      streamId: 1,
      chunkStreamId: 4,
    });
    const { error, requests, messages } = run([
      Buffer.concat([
        handshake(),
        connectCommand(),
        command("releaseStream", 0, null, "live_k"),
        command("FCPublish", 0, null, "live_k"),
        command("createStream", 2, null),
        chunked({ type: 20, streamId: 1, payload: amf0("publish", 0, null, "live_k", "live") }),
        ...Array.from({ length: 40 }, () => metadata),
        video(0),
      ]),
    ]);
    expect({ error, requests: requests.length, messages: messages.length }).toEqual({
      error: null,
      requests: 1,
      messages: 41,
    });
  });

  it("takes AMF 3 messages, which carry AMF 0 behind a zero byte", () => {
    const zero = Buffer.from([0]);
    const amf3 = (...values: Parameters<typeof amf0>) =>
      chunked({ type: 17, payload: Buffer.concat([zero, amf0(...values)]) });
    const { requests, messages } = run([
      Buffer.concat([
        handshake(),
        amf3("connect", 1, { app: "live", objectEncoding: 3 }),
        amf3("publish", 0, null, "live_k", "live"),
        chunked({ type: 15, payload: Buffer.concat([zero, amf0("onMetaData")]) }),
      ]),
    ]);
    expect(requests[0]?.streamKey).toBe("live_k");
    expect(messages[0]?.payload).toEqual(amf0("onMetaData"));
  });

  it("acknowledges every window of bytes the encoder announces", () => {
    const window = chunked({ type: 5, payload: uint32(10_000), chunkStreamId: 2 });
    const sound = chunked({ type: 8, payload: Buffer.alloc(4000), chunkStreamId: 4, streamId: 1 });
    const { statuses } = run([untilPublish("live_k"), window, ...Array.from({ length: 10 }, () => sound)]);
    expect(statuses.types.filter((type) => type === 3)).toHaveLength(4);
  });

  it("reads nothing behind a goodbye, in the same read either: what follows breaks no rule", () => {
    let goodbyes = 0;
    const session = new RtmpSession({
      output() {},
      stepReached() {},
      publishRequested() {},
      message() {},
      stopped: () => goodbyes++,
    });
    session.receive(untilPublish("live_k"));
    session.acceptPublish();
    const garbage = Buffer.alloc(64, 0xff);
    session.receive(Buffer.concat([command("FCUnpublish", 6, null, "live_k"), garbage]));
    expect(goodbyes).toBe(1);
  });

  it("says nothing and reads nothing after its end", () => {
    const heard: string[] = [];
    const session = new RtmpSession({
      output: () => heard.push("output"),
      stepReached() {},
      publishRequested: () => heard.push("request"),
      message: () => heard.push("message"),
      stopped: () => heard.push("stopped"),
    });
    session.receive(untilPublish("live_k"));
    session.end();
    heard.length = 0;
    session.acceptPublish();
    session.receive(video(0));
    session.receive(command("play", 0, null, "x"));
    expect(heard).toEqual([]);
  });

  it("delivers nothing of a read behind the message at which its publisher was cut off", () => {
    const seen: number[] = [];
    const session = new RtmpSession({
      output() {},
      stepReached() {},
      publishRequested: () => session.acceptPublish(),
      message({ timestampMs }) {
        seen.push(timestampMs);
        session.end();
      },
      stopped() {},
    });
    session.receive(Buffer.concat([untilPublish("live_k"), video(1), video(2)]));
    expect(seen).toEqual([1]);
  });

  it("answers any bytes behind a good beginning with events or a ProtocolError, within its memory", () => {
    const beginnings = [
      Buffer.alloc(0),
      handshake(),
      Buffer.concat([handshake(), connectCommand()]),
      untilPublish("live_k"),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...beginnings),
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }),
        (start, noise) => {
          const { mostInFlightBytes } = run([start, ...noise.map((bytes) => Buffer.from(bytes))]);
          expect(mostInFlightBytes).toBeLessThanOrEqual(sessionBounds.maxInFlightBytes);
        },
      ),
    );
  });

  it("survives single bytes changed anywhere in an ordinary beginning", () => {
    const good = untilPublish("live_k");
    const start = handshake().length;
    fc.assert(
      fc.property(fc.integer({ min: start, max: good.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const bytes = Buffer.from(good);
        bytes[at] = byte;
        run([bytes]);
      }),
      { numRuns: 500 },
    );
  });
});
