import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAacConfig } from "@/media/codec/aac";
import { parseAv1Config } from "@/media/codec/av1";
import { parseAvcConfig } from "@/media/codec/avc";
import { CodecError } from "@/media/codec/codec-error";
import type { DecoderConfig } from "@/media/codec/decoder-config";
import { parseHevcConfig } from "@/media/codec/hevc";
import { parseOpusConfig } from "@/media/codec/opus";
import { obsBroadcast } from "@/media/fixtures/real/obs-29-broadcast";
import { readFlvMessage } from "@/media/flv/read-flv-message";
import { readScriptTag } from "@/media/flv/script-tag";
import { initSection } from "@/media/fmp4/init-section";
import { Amf0Reader } from "@/media/ingest/amf0-reader";
import { ChunkReader } from "@/media/ingest/chunk-reader";
import { ProtocolError } from "@/media/ingest/protocol-error";
import { readCommand } from "@/media/ingest/rtmp-command";
import { RtmpSession, sessionBounds } from "@/media/ingest/rtmp-session";
import { recordedTags } from "@/tests/support/flv-tags";
import { handshake, untilPublish } from "@/tests/support/rtmp-bytes";
import { amf0Bytes, amf0Command, amf0Script } from "./amf0-grammar";
import { broadcast, play } from "./broadcast-grammar";
import { anyRecord, type CodecName } from "./codec-grammar";
import { flvMessage } from "./flv-grammar";
import { mutate, mutations, pieces } from "./mutation";
import { checkInitSection } from "./read-boxes";
import { goodStep, looseChunk, wholeMessage } from "./rtmp-grammar";
import { WatchedPipeline } from "./watched-pipeline";

/** One reader under fuzz: what it is fed with, and what must hold whatever that is. */
export type FuzzTarget = { name: string; property: fc.IProperty<unknown> };

/** An input takes microseconds; one that takes this long grows faster than it should. Time of this process alone. */
const MOST_CPU_SECONDS = 2;

function target<T>(name: string, inputs: fc.Arbitrary<T>, check: (input: T) => void): FuzzTarget {
  const property = fc.property(inputs, (input) => {
    const before = process.cpuUsage();
    check(input);
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < MOST_CPU_SECONDS * 1e6, `one input took ${(user + system) / 1e6} s`);
  });
  return { name, property: property as fc.IProperty<unknown> };
}

/** @returns what the reading answers, or null where it throws the one error that it may */
function attempt<T>(reading: () => T, Allowed: typeof ProtocolError | typeof CodecError): T | null {
  try {
    return reading();
  } catch (error) {
    if (error instanceof Allowed) return null;
    throw error;
  }
}

const cuts = fc.array(fc.nat(100_000), { maxLength: 6 });
const protocol = fc.oneof(
  fc.tuple(amf0Bytes, mutations(2)).map(([bytes, changes]) => mutate(bytes, changes)),
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
);

function readValues(bytes: Buffer): void {
  const reader = new Amf0Reader(bytes);
  while (reader.hasMore()) reader.read();
}

type Told = { messages: string[]; error: string | null };

function readChunks(parts: Buffer[]): Told {
  const messages: string[] = [];
  const bounds = { ...sessionBounds, maxMessageBytes: () => 100_000, maxInFlightBytes: 1_000_000 };
  const reader = new ChunkReader(bounds, ({ type, streamId, timestampMs, payload }) => {
    messages.push(`${type} ${streamId} ${timestampMs} ${payload.toString("base64")}`);
    if (type === 1 && payload.length >= 4) reader.setChunkSize(payload.readUInt32BE(0));
    if (type === 2 && payload.length >= 4) reader.abort(payload.readUInt32BE(0));
  });
  let error: string | null = null;
  try {
    for (const part of parts) {
      reader.read(part);
      assert.ok(reader.inFlightBytes >= 0 && reader.inFlightBytes <= bounds.maxInFlightBytes, "bytes in flight");
    }
  } catch (thrown) {
    if (!(thrown instanceof ProtocolError)) throw thrown;
    error = thrown.code;
  }
  return { messages, error };
}

/** Feeds a session whose publish request is accepted at once; whatever it delivers goes on into the pure stages. */
function runSession(parts: Buffer[], pipeline: WatchedPipeline | null): Told {
  const messages: string[] = [];
  let isAccepted = false;
  let error: string | null = null;
  const session = new RtmpSession({
    output() {},
    stepReached() {},
    publishRequested() {
      assert.ok(!isAccepted, "asked twice");
      isAccepted = true;
      session.acceptPublish();
    },
    message(message) {
      assert.ok(isAccepted, "media before the verdict");
      messages.push(`${message.type} ${message.timestampMs} ${message.payload.toString("base64")}`);
      if (pipeline?.push(message, messages.length)) session.end();
    },
    stopped: () => messages.push("stopped"),
  });
  try {
    for (const part of parts) {
      session.receive(part);
      assert.ok(session.inFlightBytes <= sessionBounds.maxInFlightBytes, "bytes in flight");
    }
  } catch (thrown) {
    if (!(thrown instanceof ProtocolError)) throw thrown;
    error = thrown.code;
  }
  return { messages, error };
}

const conversation = fc
  .tuple(
    fc.constantFrom(handshake(), untilPublish("live_key")),
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: wholeMessage },
        { weight: 2, arbitrary: goodStep },
        { weight: 1, arbitrary: looseChunk },
      ),
      { maxLength: 12 },
    ),
    mutations(1),
  )
  .map(([start, messages, changes]) => Buffer.concat([start, mutate(Buffer.concat(messages), changes)]));

const recorded = obsBroadcast("live_key", recordedTags("h264-aac-4s.flv"));
/** A recorded broadcast that is changed behind its beginning, in its first hundred kilobytes or anywhere. */
const changedRecording = fc
  .tuple(mutations(8), fc.constantFrom(4_000, 20_000, recorded.length))
  .map(([changes, within]) => {
    const start = handshake().length;
    const end = Math.max(start + 1, within);
    return Buffer.concat([
      recorded.subarray(0, start),
      mutate(recorded.subarray(start, end), changes),
      recorded.subarray(end),
    ]);
  });

const parsers: Record<CodecName, (record: Buffer) => DecoderConfig> = {
  h264: parseAvcConfig,
  hevc: parseHevcConfig,
  av1: parseAv1Config,
  aac: parseAacConfig,
  opus: parseOpusConfig,
};

function checkConfig(config: DecoderConfig): void {
  if (config.track === "video") {
    const { width, height, frameRate } = config;
    assert.ok(width >= 16 && height >= 16 && Math.max(width, height) <= 8192, `a picture of ${width} by ${height}`);
    assert.ok(frameRate === null || (frameRate >= 1 && frameRate <= 1000), `${frameRate} frames a second`);
    checkInitSection(initSection({ video: config, audio: null }));
  } else {
    const { sampleRate, channels, samplesPerUnit } = config;
    assert.ok(sampleRate >= 7350 && sampleRate <= 96_000 && channels >= 1 && channels <= 8, "sound");
    assert.ok([960, 1024, 1920, 2048].includes(samplesPerUnit), `${samplesPerUnit} samples`);
    checkInitSection(initSection({ video: null, audio: config }));
  }
  assert.match(config.codecs, /^[a-zA-Z0-9.]{4,64}$/);
}

/** The one list, for `npm test` and for `npm run fuzz`. */
export const fuzzTargets: FuzzTarget[] = [
  target("AMF 0 values", protocol, (bytes) => attempt(() => readValues(bytes), ProtocolError)),
  target("RTMP commands", fc.tuple(amf0Command, mutations(2)), ([bytes, changes]) => {
    attempt(() => readCommand(mutate(bytes, changes)), ProtocolError);
  }),
  target(
    "RTMP chunks",
    fc.tuple(fc.array(fc.oneof(looseChunk, wholeMessage), { maxLength: 10 }), mutations(2), cuts),
    ([chunks, changes, at]) => {
      const bytes = mutate(Buffer.concat(chunks), changes);
      assert.deepEqual(readChunks(pieces(bytes, at)), readChunks([bytes]));
    },
  ),
  target("RTMP sessions", fc.tuple(conversation, cuts), ([bytes, at]) => {
    assert.deepEqual(runSession(pieces(bytes, at), null), runSession([bytes], null));
  }),
  target("FLV messages", flvMessage, (message) => {
    const event = attempt(() => readFlvMessage(message), CodecError);
    if (event?.kind === "config") checkConfig(event.config);
    if (event?.kind === "unit") assert.ok(Math.abs(event.unit.compositionOffsetMs) <= 2 ** 23, "composition offset");
  }),
  target("script tags", fc.tuple(amf0Script, mutations(2)), ([bytes, changes]) => {
    const { frameRate } = readScriptTag(mutate(bytes, changes));
    assert.ok(frameRate === null || (frameRate >= 1 && frameRate <= 1000), `${frameRate} frames a second`);
  }),
  target("avcC, hvcC, av1C, AudioSpecificConfig, OpusHead", anyRecord, ({ codec, record }) => {
    const config = attempt(() => parsers[codec](record), CodecError);
    if (config) checkConfig(config);
  }),
  target("broadcasts from FLV to fragments", broadcast, (scenes) => {
    const pipeline = new WatchedPipeline();
    for (const act of play(scenes)) {
      if ("reconnectMs" in act) pipeline.reconnect(act.reconnectMs);
      else pipeline.push(act.message, act.atMs);
    }
    pipeline.finish();
  }),
  target("recorded broadcasts from the socket to fragments", fc.tuple(changedRecording, cuts), ([bytes, at]) => {
    const pipeline = new WatchedPipeline();
    runSession(pieces(bytes, at), pipeline);
    pipeline.finish();
  }),
];
