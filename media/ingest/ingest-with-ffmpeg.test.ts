import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { recordedTags } from "@/tests/support/flv-tags";
import { createIngestServer, type IngestServer } from "./ingest-server";
import type { Publisher, PublisherLeft, RtmpMessage } from "./publisher";

const recording = fileURLToPath(new URL("../fixtures/real/h264-aac-4s.flv", import.meta.url));
const opened: IngestServer[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});

type Seen = { streamKey: string; encoder: string | null; messages: RtmpMessage[]; left: PublisherLeft[] };

type Behaviour = { verdict(publisher: Publisher): void; onMessage?(publisher: Publisher): void };

/** Publishes the recording with the real ffmpeg. @returns what ingest saw, ffmpeg's exit code and what it printed */
async function publishWithFfmpeg(path: string, behaviour: Behaviour, inputOptions: string[] = []) {
  const seen: Seen[] = [];
  const server = createIngestServer({
    config: { host: "127.0.0.1", rtmpPort: 0, rtmps: null },
    log: pino({ level: "silent" }),
    onPublishRequested(publisher) {
      const { streamKey, encoder } = publisher;
      const entry: Seen = { streamKey, encoder, messages: [], left: [] };
      seen.push(entry);
      publisher.handle({
        message(message) {
          entry.messages.push(message);
          behaviour.onMessage?.(publisher);
        },
        left: (how) => entry.left.push(how),
      });
      behaviour.verdict(publisher);
    },
  });
  opened.push(server);
  const { rtmpPort } = await server.listen();
  const target = `rtmp://127.0.0.1:${rtmpPort}/${path}`;
  const args = [
    "-hide_banner",
    "-loglevel",
    "error",
    ...inputOptions,
    "-i",
    recording,
    "-c",
    "copy",
    "-f",
    "flv",
    target,
  ];
  const ffmpeg = spawn("ffmpeg", args, { stdio: ["ignore", "ignore", "pipe"], timeout: 20_000 });
  let printed = "";
  ffmpeg.stderr.on("data", (data: Buffer) => {
    printed += data.toString();
  });
  const [exitCode] = await once(ffmpeg, "close");
  await server.close();
  return { seen, exitCode: exitCode as number | null, printed };
}

const accepting: Behaviour = { verdict: (publisher) => publisher.accept() };

describe("ffmpeg as the encoder", () => {
  it("publishes: every sound and picture arrives, in order, with its time, and then the goodbye", async () => {
    const { seen, exitCode } = await publishWithFfmpeg("live/live_key", accepting);
    const sent = recordedTags("h264-aac-4s.flv").filter((tag) => tag.type === 9);
    const pictures = seen[0]?.messages.filter(({ type, payload }) => type === "video" && payload[1] === 1) ?? [];
    const sentPictures = sent.filter(({ payload }) => payload[1] === 1);
    expect(pictures.map((message) => message.payload)).toEqual(sentPictures.map((tag) => Buffer.from(tag.payload)));
    expect(pictures.map((message) => message.timestampMs)).toEqual(sentPictures.map((tag) => tag.timestampMs));
    expect(seen[0]).toMatchObject({ streamKey: "live_key", left: [{ kind: "stopped" }] });
    expect(seen[0]?.encoder).toMatch(/^FMLE\/3\.0/);
    expect(exitCode).toBe(0);
  });

  it("prints why it was refused", async () => {
    const { seen, exitCode, printed } = await publishWithFfmpeg("live/live_key", {
      verdict: (publisher) => publisher.reject("revoked-key"),
    });
    expect(printed).toContain("Server error: This stream key was revoked. Issue a new one in the studio.");
    expect(exitCode).not.toBe(0);
    expect(seen[0]?.messages).toEqual([]);
  });

  it("prints that the server address is wrong when the application is", async () => {
    const { seen, printed } = await publishWithFfmpeg("live/sub/live_key", accepting);
    expect(printed).toContain("Wrong server address: it must end in /live.");
    expect(seen).toEqual([]);
  });

  it("notices at once when it is cut off", async () => {
    const cutting = { ...accepting, onMessage: (publisher: Publisher) => publisher.disconnect("key-revoked") };
    const { seen, exitCode, printed } = await publishWithFfmpeg("live/live_key", cutting, [
      "-re",
      "-stream_loop",
      "-1",
    ]);
    expect(printed).toMatch(/Connection reset by peer|Broken pipe/);
    expect(exitCode).not.toBe(0);
    expect(seen[0]?.messages).toHaveLength(1);
    expect(seen[0]?.left).toEqual([{ kind: "disconnected", detail: "key-revoked" }]);
  });
});
