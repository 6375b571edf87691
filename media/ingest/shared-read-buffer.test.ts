import { type AddressInfo, connect, createServer, Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { until } from "@/tests/support/until";
import { createSharedReader } from "./shared-read-buffer";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server whose connections share a read buffer; what they send is kept by its connection's order. */
async function startServer() {
  const withSharedBuffer = createSharedReader();
  const heard: { memory: Set<ArrayBufferLike>; text: string; isEnded: boolean }[] = [];
  const server = createServer({ pauseOnConnect: true }, (accepted) => {
    const entry = { memory: new Set<ArrayBufferLike>(), text: "", isEnded: false };
    heard.push(entry);
    const socket = withSharedBuffer(accepted);
    socket.on("data", (data) => {
      entry.memory.add(data.buffer);
      entry.text += data.toString();
    });
    socket.on("end", () => {
      entry.isEnded = true;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  closing.push(() => server.close());
  const peer = () => {
    const socket = connect(port, "127.0.0.1");
    closing.push(() => socket.destroy());
    return socket;
  };
  return { server, heard, peer };
}

describe("createSharedReader", () => {
  it("reads all connections into the same memory and keeps their bytes apart", async () => {
    const { heard, peer } = await startServer();
    const texts = ["a", "b"].map((letter) => letter.repeat(200_000));
    for (const text of texts) peer().write(text);
    await until("all bytes", () => heard.length === 2 && heard.every(({ text }) => text.length === 200_000));
    expect(heard.map(({ text }) => text).sort()).toEqual(texts);
    // More memory than this would mean that the Node.js in use does not read into the buffer it is given.
    expect(new Set(heard.flatMap(({ memory }) => [...memory])).size).toBe(1);
  });

  it("sees the peer's FIN, and lets the server close when its connections have ended", async () => {
    const { server, heard, peer } = await startServer();
    peer().end("goodbye");
    await until("the end", () => heard[0]?.isEnded && heard[0].text === "goodbye");
    await new Promise((resolve) => server.close(resolve));
  });

  it("hands back a socket that is not made the way it knows, reading", () => {
    const socket = new Socket();
    socket.pause();
    expect(createSharedReader()(socket)).toBe(socket);
    expect(socket.isPaused()).toBe(false);
    socket.destroy();
  });
});
