import { expect, it } from "vitest";
import { play, type Scene } from "./broadcast-grammar";
import { WatchedPipeline } from "./watched-pipeline";

/** What the fuzzer has found, in the smallest form that it shrank to. `WatchedPipeline` throws where a guarantee is broken. */
it("sound that is ahead of a key frame makes no segment longer than the target duration", () => {
  const opusHead = Buffer.from("904f7075734f707573486561640102380180bb0000000000", "hex");
  const frames = { kind: "frames", waverMs: 0, keyEvery: 1, sizeBytes: 1 } as const;
  const scenes: Scene[] = [
    { ...frames, count: 2, stepMs: 420, offsetMs: -8_388_608 },
    { kind: "jump", byMs: 2_147_483_647 },
    { kind: "message", message: { type: "audio", timestampMs: 0, payload: opusHead } },
    { kind: "both", count: 60 },
    { kind: "both", count: 64 },
    { ...frames, count: 1, stepMs: 0, offsetMs: 0 },
    { kind: "message", message: { type: "audio", timestampMs: 0, payload: Buffer.from([0]) } },
  ];
  const pipeline = new WatchedPipeline();
  for (const act of play(scenes)) {
    if ("reconnectMs" in act) pipeline.reconnect(act.reconnectMs);
    else pipeline.push(act.message, act.atMs);
  }
  pipeline.finish();
  expect(pipeline.parts).toBeGreaterThan(0);
});
