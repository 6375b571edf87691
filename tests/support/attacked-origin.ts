import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { createOriginServer, type OriginServer } from "@/media/origin/http-server";
import type { OriginBounds } from "@/media/origin/origin-bounds";
import { OriginRegistry } from "@/media/origin/origin-registry";
import type { StreamWindow } from "@/media/origin/stream-window";
import { SteadyViewer, type SteadyViewerOptions } from "./steady-viewer";
import { addTestPart, fillWindow, newTestWindow } from "./test-window";

const PART_EVERY_MS = 100;

export type Channel = { window: StreamWindow; base: string };
export type ChannelOptions = { partSize?: number; memorySeconds?: number; targetDurationSeconds?: number };

/** An origin on a socket, with one broadcast that goes on and an honest viewer who follows it, for attacks on another. */
export class AttackedOrigin {
  private constructor(
    readonly server: OriginServer,
    readonly port: number,
    readonly viewer: SteadyViewer,
    private readonly registry: OriginRegistry,
    private readonly root: string,
    private readonly feed: NodeJS.Timeout,
    private readonly windows: StreamWindow[],
  ) {}

  static async start(bounds: Partial<OriginBounds> = {}, honest: SteadyViewerOptions = {}): Promise<AttackedOrigin> {
    const root = mkdtempSync(join(tmpdir(), "attacked-"));
    const registry = new OriginRegistry();
    const server = createOriginServer({ registry, log: pino({ level: "silent" }), bounds });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const live = publish(registry, "honest", join(root, "honest"));
    const viewer = new SteadyViewer(`http://127.0.0.1:${port}${live.base}/media.m3u8`, honest);
    return new AttackedOrigin(server, port, viewer, registry, root, goOn(live.window), [live.window]);
  }

  /** A channel that stands still: three segments and an open one, so that what waits goes on waiting. */
  publish(handle: string, { partSize = 100, ...options }: ChannelOptions = {}): Channel {
    const channel = publish(this.registry, handle, join(this.root, handle), partSize, options);
    this.windows.push(channel.window);
    this.viewer.forgetGaps();
    return channel;
  }

  async stop(): Promise<void> {
    await this.viewer.stop();
    clearInterval(this.feed);
    this.server.close();
    this.server.closeAllConnections();
    await Promise.all(this.windows.map((window) => window.dispose()));
    rmSync(this.root, { recursive: true, force: true });
  }
}

function publish(
  registry: OriginRegistry,
  handle: string,
  folder: string,
  partSize = 100,
  options: Omit<ChannelOptions, "partSize"> = {},
): Channel {
  const playbackId = `playback${handle}`.slice(0, 32);
  const window = newTestWindow({ folder, ...options });
  window.addInit(Buffer.from("the initialization section"));
  fillWindow(window, 1, 3, partSize);
  addTestPart(window, 4, 0, partSize);
  registry.publish({ handle, playbackId, window, multivariant: () => "#EXTM3U\n" });
  return { window, base: `/live/${handle}/${playbackId}` };
}

function goOn(window: StreamWindow): NodeJS.Timeout {
  let [msn, partIndex] = [4, 1];
  return setInterval(() => {
    addTestPart(window, msn, partIndex++);
    if (partIndex < 10) return;
    window.endSegment(msn, 2, { msn: msn + 1, partIndex: 0 });
    [msn, partIndex] = [msn + 1, 0];
  }, PART_EVERY_MS);
}
