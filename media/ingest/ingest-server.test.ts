import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { hostileInputs } from "@/media/fixtures/hostile/rtmp-inputs";
import { recordedTags } from "@/tests/support/flv-tags";
import { closeIngestHarnesses, sendUntilEnded, startIngest as start } from "@/tests/support/ingest-harness";
import { chunked, command, connectCommand, handshake } from "@/tests/support/rtmp-bytes";
import { RtmpEncoder } from "@/tests/support/rtmp-encoder";
import { noteAttack } from "@/tests/support/security-figures";
import { until } from "@/tests/support/until";
import { createIngestServer } from "./ingest-server";
import type { PublisherLeft } from "./publisher";

afterEach(closeIngestHarnesses);

const tags = recordedTags("h264-aac-4s.flv");
const firstTag = tags[0];
if (!firstTag) throw new Error("the recorded stream is empty");

describe("createIngestServer", () => {
  it("delivers a recorded broadcast message by message, then that the encoder stopped", async () => {
    const { port, seen } = await start();
    const { encoder, outcome } = await RtmpEncoder.publish({ port }, "live_key");
    expect(outcome).toEqual({ kind: "accepted" });
    for (const tag of tags) encoder.sendTag(tag);
    encoder.stop("live_key");
    await until("the end", () => seen[0]?.left.length === 1);
    const names = { 8: "audio", 9: "video", 18: "data" } as const;
    expect(seen[0]?.messages).toEqual(
      tags.map(({ type, timestampMs, payload }) => ({ type: names[type], timestampMs, payload: Buffer.from(payload) })),
    );
    expect(seen[0]?.left[0]?.kind).toBe("stopped");
    expect(seen[0]?.publisher).toMatchObject({
      application: "live",
      streamKey: "live_key",
      remoteAddress: "127.0.0.1",
    });
  });

  it("ends each hostile peer and nobody else: another publisher's messages keep coming", async () => {
    const { port, seen, server } = await start();
    const { encoder } = await RtmpEncoder.publish({ port }, "live_bystander");
    const bystander = seen[0];
    for (const [i, { name, bytes, code }] of hostileInputs.entries()) {
      const before = server.counts().protocolErrors[code] ?? 0;
      await sendUntilEnded(port, bytes);
      expect(server.counts().protocolErrors[code], name).toBe(before + 1);
      encoder.sendTag(firstTag);
      await until(`the bystander's message after ${name}`, () => bystander?.messages.length === i + 1, { everyMs: 2 });
    }
    expect(bystander?.left).toEqual([]);
    expect(server.counts().connectionsOpen).toBe(1);
    encoder.drop();
    noteAttack("RTMP", "broken handshakes, chunks, control messages, AMF and commands", hostileInputs.length);
  });

  it("answers a refused publisher with the reason, without Publish.Start, and closes", async () => {
    const { port, seen } = await start({}, (publisher) => publisher.reject("revoked-key"));
    const { encoder, outcome } = await RtmpEncoder.publish({ port, ignoreFin: false }, "live_key");
    expect(outcome).toEqual({
      kind: "refused",
      code: "NetStream.Publish.BadName",
      description: "This stream key was revoked. Issue a new one in the studio.",
    });
    await encoder.ended;
    expect(seen[0]?.left).toEqual([{ kind: "disconnected", detail: "revoked-key" }]);
  });

  it("closes a refused publisher that ignores FIN and goes on sending, and delivers nothing of it", async () => {
    const { port, seen, server } = await start({ goodbyeMs: 100 }, (publisher) => publisher.reject("unknown-key"));
    const { encoder } = await RtmpEncoder.publish({ port, ignoreFin: true }, "live_key");
    for (const tag of tags.slice(0, 20)) encoder.sendTag(tag);
    await until("the end of the connection", () => server.counts().connectionsOpen === 0);
    expect(seen[0]?.messages).toEqual([]);
  });

  it.each(["live/sub", "Live", "app", ""])("refuses the application %j without asking anybody", async (application) => {
    const { port, seen } = await start();
    const { outcome } = await RtmpEncoder.publish({ port, application }, "live_key");
    expect(outcome).toMatchObject({ kind: "refused", description: "Wrong server address: it must end in /live." });
    expect(seen).toEqual([]);
  });

  it.each(["", "?a=b", "k".repeat(256)])(
    "refuses a key that cannot be one without asking anybody",
    async (streamKey) => {
      const { port, seen } = await start();
      const { outcome } = await RtmpEncoder.publish({ port }, streamKey);
      expect(outcome).toMatchObject({ kind: "refused", description: expect.stringContaining("not known") });
      expect(seen).toEqual([]);
    },
  );

  it("answers nothing before the verdict and delivers what comes meanwhile to whoever handles then", async () => {
    const { port, seen } = await start({}, () => {});
    const encoder = await RtmpEncoder.open({ port });
    const asked = encoder.askToPublish("live_key");
    const entry = await until("the request", () => seen[0]);
    encoder.sendTag(firstTag);
    await until("the early message", () => entry.messages.length === 1);
    const verdictBefore = await Promise.race([asked, delay(50, "nothing yet")]);
    expect(verdictBefore).toBe("nothing yet");
    entry.publisher.accept();
    expect(await asked).toEqual({ kind: "accepted" });
    encoder.drop();
  });

  it("cuts a publisher off at once, also one that ignores FIN and goes on sending", async () => {
    const { port, seen, server } = await start();
    const { encoder } = await RtmpEncoder.publish({ port, ignoreFin: true }, "live_key");
    encoder.sendTag(firstTag);
    await until("the first message", () => seen[0]?.messages.length === 1);
    seen[0]?.publisher.disconnect("key-revoked");
    expect(seen[0]?.left).toEqual([{ kind: "disconnected", detail: "key-revoked" }]);
    encoder.sendTag(firstTag);
    await encoder.ended;
    await until("the end of the connection", () => server.counts().connectionsOpen === 0);
    expect(seen[0]?.messages).toHaveLength(1);
  });

  it("tells an encoder that vanishes from one that stops, and tells it once", async () => {
    const { port, seen } = await start();
    const { encoder } = await RtmpEncoder.publish({ port }, "live_key");
    encoder.drop();
    await until("the end", () => seen[0]?.left.length === 1);
    const late: PublisherLeft[] = [];
    seen[0]?.publisher.disconnect("key-revoked");
    seen[0]?.publisher.handle({ message() {}, left: (how) => late.push(how) });
    await until("the end for a late handler", () => late.length === 1);
    expect([seen[0]?.left.length, seen[0]?.left[0]?.kind, late[0]?.kind]).toEqual([1, "lost", "lost"]);
  });

  it.each([
    ["says nothing at all", { handshakeMs: 100 }, Buffer.alloc(0), "no handshake in time"],
    ["greets and says no more", { connectMs: 100 }, handshake(), "no connect command in time"],
    [
      "connects and does not publish",
      { publishMs: 100 },
      Buffer.concat([handshake(), connectCommand()]),
      "no publish command in time",
    ],
  ])("ends a connection that %s", async (_name, limits, bytes, reason) => {
    const { port, logLines } = await start(limits);
    await sendUntilEnded(port, bytes);
    expect(logLines.join("")).toContain(reason);
  });

  it("ends a publisher without media, or whose media stops, though metadata goes on", async () => {
    const { port, seen } = await start({ firstMediaMs: 150, silenceMs: 100 });
    const quiet = await RtmpEncoder.publish({ port }, "live_quiet");
    const stalled = await RtmpEncoder.publish({ port }, "live_stalled");
    stalled.encoder.sendTag(tags.find((tag) => tag.type === 9) ?? firstTag);
    await Promise.all([quiet.encoder.ended, stalled.encoder.ended]);
    expect(seen.map(({ left }) => left)).toEqual([
      [{ kind: "lost", detail: "no media in time" }],
      [{ kind: "lost", detail: "no media in time" }],
    ]);
  });

  it("keeps a publisher whose media goes on beyond every deadline", async () => {
    const { port, seen } = await start({ firstMediaMs: 1_000, silenceMs: 1_000 });
    const { encoder } = await RtmpEncoder.publish({ port }, "live_key");
    const video = tags.find((tag) => tag.type === 9) ?? firstTag;
    for (let i = 0; i < 30; i++) {
      encoder.sendTag(video, i * 20);
      await until("the message", () => seen[0]?.messages.length === i + 1, { everyMs: 80 });
    }
    expect(seen[0]?.left).toEqual([]);
    encoder.drop();
  });

  it("refuses a publisher whose verdict does not come", async () => {
    const { port } = await start({ verdictMs: 100 }, () => {});
    const { outcome } = await RtmpEncoder.publish({ port }, "live_key");
    expect(outcome).toMatchObject({
      kind: "refused",
      description: expect.stringContaining("cannot check stream keys"),
    });
  });

  it("ends a publisher that sends more than the bit rate allows", async () => {
    const { port, seen } = await start({ maxPublishKbps: 80 });
    const { encoder } = await RtmpEncoder.publish({ port }, "live_key");
    const sound = chunked({ type: 8, payload: Buffer.alloc(50_000), chunkStreamId: 4, streamId: 1, chunkSize: 4096 });
    for (let i = 0; i < 4; i++) encoder.sendRaw(sound);
    await encoder.ended;
    await until("the end", () => seen[0]?.left.length === 1);
    expect(seen[0]?.left).toEqual([{ kind: "disconnected", detail: "bit-rate-exceeded" }]);
  });

  it("refuses connections over the limit of an address and takes new ones when others have gone", async () => {
    const { port, server } = await start({ maxConnectionsPerAddress: 2 });
    const first = await RtmpEncoder.publish({ port }, "live_1");
    await RtmpEncoder.publish({ port }, "live_2");
    await sendUntilEnded(port, Buffer.alloc(0));
    expect(server.counts().refusals).toEqual({ "too-many-connections-from-address": 1 });
    first.encoder.drop();
    await until("the first to be gone", () => server.counts().connectionsOpen === 1);
    const third = await RtmpEncoder.publish({ port }, "live_3");
    expect(third.outcome).toEqual({ kind: "accepted" });
  });

  it("ends a peer that asks and asks and never reads the answers", async () => {
    const { port, server } = await start({ publishMs: 20_000, maxBytesBeforePublishing: 1e9, maxPublishKbps: 1e9 });
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => socket.destroy());
    socket.pause();
    const question = command("createStream", 2, null);
    socket.write(Buffer.concat([handshake(), connectCommand()]));
    const questions = Buffer.concat(Array.from({ length: 2000 }, () => question));
    await until(
      "the end of the connection",
      () => {
        if (socket.writable && socket.writableLength < 1_000_000) socket.write(questions);
        return server.counts().protocolErrors["output-not-read"] === 1;
      },
      { timeoutMs: 20_000, everyMs: 1 },
    );
    socket.destroy();
  });

  it("contains a handler's own fault to that publisher", async () => {
    const { port, server, seen } = await start({}, (publisher) => {
      if (publisher.streamKey === "live_bad") throw new Error("a fault of ours");
      publisher.accept();
    });
    const good = await RtmpEncoder.publish({ port }, "live_good");
    const bad = await RtmpEncoder.publish({ port }, "live_bad");
    expect(bad.outcome).toEqual({ kind: "closed" });
    expect(server.counts().protocolErrors).toEqual({ "internal-error": 1 });
    good.encoder.sendTag(firstTag);
    await until("the good one's message", () => seen[0]?.messages.length === 1);
  });

  it("writes one line for each end, with address and reason, and never a stream key", async () => {
    const { port, seen, logLines } = await start({}, (publisher) =>
      publisher.streamKey === "live_secret_no" ? publisher.reject("unknown-key") : publisher.accept(),
    );
    await RtmpEncoder.publish({ port, ignoreFin: false }, "live_secret_no");
    const { encoder } = await RtmpEncoder.publish({ port }, "live_secret_yes");
    encoder.stop("live_secret_yes");
    await until("the end", () => seen[1]?.left.length === 1);
    const lines = logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ msg, remoteAddress, reason }) => [msg, remoteAddress, reason])).toEqual([
      ["publisher refused", "127.0.0.1", "unknown-key"],
      ["publisher accepted", "127.0.0.1", undefined],
      ["publisher left", "127.0.0.1", "the encoder ended the broadcast"],
    ]);
    expect(logLines.join("")).not.toContain("live_secret");
  });

  it("says that its port is taken", async () => {
    const { port } = await start();
    const second = createIngestServer({
      config: { host: "127.0.0.1", rtmpPort: port, rtmps: null },
      log: pino({ level: "silent" }),
      onPublishRequested() {},
    });
    await expect(second.listen()).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it("closes with publishers on the air and tells them", async () => {
    const { port, seen, server } = await start();
    const { encoder } = await RtmpEncoder.publish({ port }, "live_key");
    await server.close();
    expect(seen[0]?.left).toEqual([{ kind: "disconnected", detail: "server-shutdown" }]);
    await encoder.ended;
  });
});
