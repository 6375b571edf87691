import fc from "fast-check";
import type { FlvMessage } from "@/media/flv/read-flv-message";
import { recordedTags } from "@/tests/support/flv-tags";
import { recordedRecord } from "./codec-grammar";
import { flvMessage, headerMessage } from "./flv-grammar";
import { mutate, mutations } from "./mutation";

/** What happens next in a broadcast; times are steps from what was before. */
export type Scene =
  | {
      kind: "frames";
      count: number;
      stepMs: number;
      waverMs: number;
      keyEvery: number;
      offsetMs: number;
      sizeBytes: number;
    }
  | { kind: "sound"; count: number; stepMs: number; sizeBytes: number }
  | { kind: "both"; count: number }
  | { kind: "jump"; byMs: number }
  | { kind: "message"; message: FlvMessage }
  | { kind: "reconnect"; gapMs: number };

const names = { 8: "audio", 9: "video", 18: "data" } as const;
export const recording = recordedTags("h264-aac-4s.flv").map(({ type, timestampMs, payload }): FlvMessage => {
  return { type: names[type], timestampMs, payload: Buffer.from(payload) };
});
const headers = recording.filter(({ type, payload }) => type !== "data" && payload[1] === 0);

const step = fc.oneof(fc.constantFrom(33, 40, 16, 17, 500, 0, 1), fc.nat(2_500));
const frames = fc.record({
  kind: fc.constant("frames" as const),
  count: fc.integer({ min: 1, max: 150 }),
  stepMs: step,
  waverMs: fc.nat(20),
  keyEvery: fc.constantFrom(1, 2, 15, 30, 60, 1000),
  offsetMs: fc.oneof(fc.integer({ min: -200, max: 200 }), fc.constantFrom(-8_388_608, 8_388_607)),
  sizeBytes: fc.integer({ min: 1, max: 40 }),
});
const sound = fc.record({
  kind: fc.constant("sound" as const),
  count: fc.integer({ min: 1, max: 100 }),
  stepMs: fc.constantFrom(21, 22, 20, 23, 0, 1, 100, 1000),
  sizeBytes: fc.integer({ min: 1, max: 12 }),
});
const changed = fc
  .tuple(fc.constantFrom(...recording), mutations(3))
  .map(([message, changes]): FlvMessage => ({ ...message, payload: mutate(message.payload, changes) }));

/** Scenes of a broadcast that begins well. */
export const broadcast: fc.Arbitrary<Scene[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: frames },
    { weight: 3, arbitrary: sound },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant("both" as const), count: fc.integer({ min: 1, max: 150 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("jump" as const),
        byMs: fc.oneof(fc.integer({ min: -3000, max: 8000 }), fc.constantFrom(0x7fffffff, -0x7fffffff, 0x80000000)),
      }),
    },
    {
      weight: 3,
      arbitrary: fc
        .oneof(
          changed,
          flvMessage,
          recordedRecord.map((record) => headerMessage(record, true)),
        )
        .map((message): Scene => ({ kind: "message", message })),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("reconnect" as const), gapMs: fc.nat(30_000) }) },
  ),
  { minLength: 1, maxLength: 10 },
);

type Act = { message: FlvMessage; atMs: number } | { reconnectMs: number };

/** The scenes as messages on one clock, the real sequence headers first. */
export function* play(scenes: Scene[]): Generator<Act> {
  let ms = 0;
  const at = (message: FlvMessage): Act => ({ message: { ...message, timestampMs: ms >>> 0 }, atMs: Math.max(0, ms) });
  for (const header of headers) yield at(header);
  for (const scene of scenes) {
    if (scene.kind === "jump") ms += scene.byMs;
    else if (scene.kind === "message") yield at(scene.message);
    else if (scene.kind === "reconnect") {
      yield { reconnectMs: scene.gapMs };
      for (const header of headers) yield at(header);
    } else {
      for (let i = 0; i < scene.count; i++) {
        if (scene.kind !== "sound") yield at(picture(i, scene));
        if (scene.kind !== "frames")
          yield at({ type: "audio", timestampMs: 0, payload: Buffer.from([0xaf, 1, i & 255, 1]) });
        ms += scene.kind === "both" ? 21 : scene.stepMs + (scene.kind === "frames" ? (i * 7) % (scene.waverMs + 1) : 0);
      }
    }
  }
}

function picture(index: number, scene: Extract<Scene, { kind: "frames" | "both" }>): FlvMessage {
  const { keyEvery, offsetMs, sizeBytes } =
    scene.kind === "frames" ? scene : { keyEvery: 40, offsetMs: 0, sizeBytes: 9 };
  const payload = Buffer.alloc(5 + sizeBytes, 1);
  payload[0] = index % keyEvery === 0 ? 0x17 : 0x27;
  payload.writeIntBE(offsetMs, 2, 3);
  return { type: "video", timestampMs: 0, payload };
}
