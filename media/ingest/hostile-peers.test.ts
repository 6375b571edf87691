import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { Bystander, closeIngestHarnesses, sendUntilEnded, startIngest } from "@/tests/support/ingest-harness";
import {
  basicHeader,
  chunked,
  command,
  connectCommand,
  handshake,
  publishCommand,
  setChunkSize,
} from "@/tests/support/rtmp-bytes";
import { RtmpEncoder } from "@/tests/support/rtmp-encoder";
import { noteAttack } from "@/tests/support/security-figures";
import { until } from "@/tests/support/until";

afterEach(closeIngestHarnesses);

/** A bare connection; what the server says is read and dropped. */
function open(port: number): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => socket.destroy());
  socket.resume();
  return socket;
}

/** Says `first`, and then `text` a byte every 10 ms, until the server has had enough. */
async function drip(port: number, first: Buffer, text: Buffer): Promise<void> {
  const socket = open(port);
  const gone = new Promise((resolve) => socket.once("close", resolve));
  socket.write(first);
  let at = 0;
  const timer = setInterval(() => socket.writable && socket.write(text.subarray(at, ++at)), 10);
  await gone;
  clearInterval(timer);
}

const slow = { handshakeMs: 300, connectMs: 300, publishMs: 300, firstMediaMs: 1_000 };

describe("while another publisher plays on", () => {
  it("a handshake, a command or a publish that comes a byte at a time is ended by its deadline", async () => {
    const ingest = await startIngest(slow);
    const bystander = await Bystander.join(ingest);
    const connected = Buffer.concat([handshake(), connectCommand()]);
    await Promise.all([
      drip(ingest.port, Buffer.alloc(0), handshake()),
      drip(ingest.port, handshake(), connectCommand()),
      drip(ingest.port, connected, publishCommand("live_slow".padEnd(200, "w"))),
    ]);
    const { cuts } = ingest.server.counts();
    expect(cuts).toEqual({ "no-handshake": 1, "no-connect-command": 1, "no-publish-command": 1 });
    await bystander.playsOn();
    bystander.leave();
    noteAttack("RTMP", "slow handshakes and commands, a byte at a time", 3);
  });

  it("silence after every step is ended, counted and named in the log", async () => {
    const ingest = await startIngest(slow);
    const bystander = await Bystander.join(ingest);
    await Promise.all([
      sendUntilEnded(ingest.port, Buffer.alloc(0)),
      sendUntilEnded(ingest.port, handshake().subarray(0, 1000)),
      sendUntilEnded(ingest.port, handshake()),
      sendUntilEnded(ingest.port, Buffer.concat([handshake(), connectCommand()])),
      RtmpEncoder.publish({ port: ingest.port }, "live_silent").then(({ encoder }) => encoder.ended),
    ]);
    expect(ingest.server.counts().cuts).toEqual({
      "no-handshake": 2,
      "no-connect-command": 1,
      "no-publish-command": 1,
      "no-media": 1,
    });
    const said = ingest.logLines.map((line) => String(JSON.parse(line).reason));
    expect(said).toEqual(expect.arrayContaining(["no handshake in time", "no media in time"]));
    await bystander.playsOn();
    bystander.leave();
    noteAttack("RTMP", "silence after every step", 5);
  });

  it("thousands of connections from one address take no more places than it has, and few log lines", async () => {
    const ingest = await startIngest({ maxConnectionsPerAddress: 50, handshakeMs: 20_000 });
    const bystander = await Bystander.join(ingest);
    const { counts } = ingest.server;
    const sockets: Socket[] = [];
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 100; i++) sockets.push(open(ingest.port));
      const expected = (round + 1) * 100 - 50;
      await until("the refusals", () => (counts().refusals["too-many-connections-from-address"] ?? 0) >= expected, {
        everyMs: 5,
      });
    }
    expect(counts().connectionsOpen).toBe(51);
    expect(ingest.logLines.filter((line) => line.includes("connection refused")).length).toBeLessThan(100);
    await bystander.playsOn();
    const other = await RtmpEncoder.publish({ port: ingest.port, localAddress: "127.0.0.3" }, "live_other");
    expect(other.outcome).toEqual({ kind: "accepted" });
    for (const socket of sockets) socket.destroy();
    bystander.leave();
    noteAttack("RTMP", "thousands of connections from one address", sockets.length);
  });

  it("connections over the limit of all are refused, and one that leaves makes room", async () => {
    const ingest = await startIngest({ maxConnections: 3 });
    const bystander = await Bystander.join(ingest);
    const held = [open(ingest.port), open(ingest.port)];
    await until("both to be in", () => ingest.server.counts().connectionsOpen === 3);
    await sendUntilEnded(ingest.port, Buffer.alloc(0));
    expect(ingest.server.counts().refusals).toEqual({ "too-many-connections": 1 });
    held[0]?.destroy();
    await until("room", () => ingest.server.counts().connectionsOpen === 2);
    expect((await RtmpEncoder.publish({ port: ingest.port }, "live_next")).outcome).toEqual({ kind: "accepted" });
    held[1]?.destroy();
    await bystander.playsOn();
    bystander.leave();
    noteAttack("RTMP", "more connections than the server takes", 1);
  });

  it("messages that are begun on many chunk streams and never finished end their publisher at its bytes in flight", async () => {
    const ingest = await startIngest();
    const bystander = await Bystander.join(ingest);
    const { encoder, outcome } = await RtmpEncoder.publish({ port: ingest.port }, "live_greedy");
    expect(outcome).toEqual({ kind: "accepted" });
    encoder.sendRaw(setChunkSize(300_000));
    for (let i = 0; i < 60; i++) {
      const payload = Buffer.alloc(300_000);
      const half = {
        type: 9,
        payload,
        announcedLength: 8_000_000,
        chunkStreamId: 10 + i,
        streamId: 1,
        chunkSize: 300_000,
      };
      encoder.sendRaw(chunked(half));
    }
    await encoder.ended;
    expect(ingest.server.counts().protocolErrors).toEqual({ "in-flight-exceeded": 1 });
    await bystander.playsOn();
    bystander.leave();
    noteAttack("RTMP", "messages never finished, on many chunk streams", 60);
  });

  it("a peer that talks on and on before it may publish is cut off, counted and named in the log", async () => {
    const ingest = await startIngest({ connectMs: 20_000 });
    const bystander = await Bystander.join(ingest);
    const chatter = Buffer.concat(Array.from({ length: 300 }, () => command("chatter", 0, "x".repeat(4000))));
    await sendUntilEnded(ingest.port, Buffer.concat([handshake(), connectCommand(), chatter]));
    expect(ingest.server.counts().cuts).toEqual({ "too-much-before-publishing": 1 });
    expect(ingest.logLines.join("")).toContain("too-much-before-publishing");
    await bystander.playsOn();
    bystander.leave();
    noteAttack("RTMP", "megabytes before a publish request", 1);
  });

  it("a flood of empty messages, a byte each, counts as the work that it makes", async () => {
    const ingest = await startIngest({ maxPublishKbps: 8_000 });
    const bystander = await Bystander.join(ingest);
    const { encoder } = await RtmpEncoder.publish({ port: ingest.port }, "live_flood");
    encoder.sendRaw(chunked({ type: 9, payload: Buffer.alloc(0), chunkStreamId: 6, streamId: 1 }));
    encoder.sendRaw(Buffer.alloc(100_000, basicHeader(3, 6)));
    await encoder.ended;
    await until("the cut", () => ingest.server.counts().cuts["bit-rate-exceeded"] === 1);
    await bystander.playsOn();
    bystander.leave();
    noteAttack("RTMP", "a flood of empty messages", 1);
  });

  it("a publisher of 200 Mbit/s is cut off, counted and named in the log", async () => {
    const ingest = await startIngest({ maxPublishKbps: 2_000 });
    const bystander = await Bystander.join(ingest);
    const { encoder } = await RtmpEncoder.publish({ port: ingest.port }, "live_fast");
    const second = chunked({ type: 9, payload: Buffer.alloc(625_000), chunkStreamId: 6, streamId: 1, chunkSize: 4096 });
    for (let i = 0; i < 40; i++) encoder.sendRaw(second);
    await encoder.ended;
    await until("the cut", () => ingest.server.counts().cuts["bit-rate-exceeded"] === 1);
    expect(ingest.logLines.filter((line) => line.includes("bit-rate-exceeded"))).toHaveLength(1);
    await bystander.playsOn();
    bystander.leave();
    noteAttack("RTMP", "a publisher far above the bit rate", 1);
  });

  it.each([
    ["climbs the tree", "../../etc/passwd"],
    ["climbs it in the web's way", "..%2f..%2f%00"],
    ["holds a NUL", "live_a\0b"],
    ["holds a pipe", "live_a|id"],
    ["holds line breaks", 'live_a\r\n{"level":50,"msg":"forged"}'],
    ["looks like another's", "live_\u0430d\u0430"],
    ["turns the text around", "live_\u202eada"],
    ["is called __proto__", "__proto__"],
  ])("a stream key that %s is asked about as it came, and stands in no log line", async (_name, streamKey) => {
    const ingest = await startIngest({}, (publisher) =>
      publisher.streamKey === "live_bystander" ? publisher.accept() : publisher.reject("unknown-key"),
    );
    const bystander = await Bystander.join(ingest);
    const { outcome } = await RtmpEncoder.publish({ port: ingest.port, ignoreFin: false }, streamKey);
    expect(outcome).toMatchObject({ kind: "refused" });
    expect(ingest.seen.at(-1)?.publisher.streamKey).toBe(streamKey);
    for (const line of ingest.logLines) expect(line.trim().split("\n")).toHaveLength(1);
    expect(ingest.logLines.join("")).not.toContain(streamKey);
    expect(ingest.logLines.join("")).not.toContain("forged");
    await bystander.playsOn();
    bystander.leave();
    noteAttack("RTMP", "stream keys with paths, NUL, pipes, line breaks and look-alikes", 1);
  });

  it("a stream key of 64 KB is refused without asking anybody", async () => {
    const ingest = await startIngest();
    const bystander = await Bystander.join(ingest);
    const name = "k".repeat(60_000);
    await sendUntilEnded(ingest.port, Buffer.concat([handshake(), connectCommand(), publishCommand(name)]));
    const longer = chunked({ type: 20, payload: Buffer.alloc(128), announcedLength: 70_000 });
    await sendUntilEnded(ingest.port, Buffer.concat([handshake(), connectCommand(), longer]));
    expect(ingest.seen).toHaveLength(1);
    expect(ingest.server.counts()).toMatchObject({
      refusals: { "unknown-key": 1 },
      protocolErrors: { "message-too-large": 1 },
    });
    await bystander.playsOn();
    bystander.leave();
    noteAttack("RTMP", "stream keys of 64 KB", 2);
  });

  it("video after a refusal goes nowhere, and who ignores the FIN is cut off", async () => {
    const ingest = await startIngest({ goodbyeMs: 200 }, (publisher) =>
      publisher.streamKey === "live_bystander" ? publisher.accept() : publisher.reject("revoked-key"),
    );
    const bystander = await Bystander.join(ingest);
    const { encoder } = await RtmpEncoder.publish({ port: ingest.port, ignoreFin: true }, "live_refused");
    const picture = chunked({ type: 9, payload: Buffer.from([0x17, 1, 0, 0, 0, 9]), streamId: 1, chunkStreamId: 6 });
    for (let i = 0; i < 50; i++) encoder.sendRaw(picture);
    await until("the end of the connection", () => ingest.server.counts().connectionsOpen === 1);
    expect(ingest.server.counts().cuts).toEqual({ "no-farewell": 1 });
    expect(ingest.seen.at(-1)?.messages).toEqual([]);
    await bystander.playsOn();
    bystander.leave();
    noteAttack("RTMP", "video after a refusal, FIN ignored", 50);
  });
});
