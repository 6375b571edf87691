import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOriginServer } from "@/media/origin/http-server";
import { OriginRegistry } from "@/media/origin/origin-registry";
import type { StreamWindow } from "@/media/origin/stream-window";
import { hasNginx, NginxCache } from "@/tests/support/nginx-cache";
import { addTestPart, fillWindow, newTestWindow, partBytes, type TestWindowOptions } from "@/tests/support/test-window";
import { until } from "@/tests/support/until";

type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer };

const root = mkdtempSync(join(tmpdir(), "behind-nginx-"));

describe.skipIf(!hasNginx())("a plain nginx cache that knows nothing of HLS", () => {
  const registry = new OriginRegistry();
  let origin: Server;
  let nginx: NginxCache;
  let serial = 0;
  /** Addresses as the origin was asked for them. */
  const asked: string[] = [];

  beforeAll(async () => {
    origin = createOriginServer({ registry, log: pino({ level: "silent" }) });
    origin.prependListener("request", ({ url }) => asked.push(url ?? ""));
    origin.listen(0, "127.0.0.1");
    await once(origin, "listening");
    nginx = await NginxCache.start((origin.address() as AddressInfo).port);
  });
  afterAll(async () => {
    await nginx?.stop();
    origin?.close();
    origin?.closeAllConnections();
    rmSync(root, { recursive: true, force: true });
  });

  const get = (path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: "127.0.0.1", port: nginx.port, path, method, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
        response.on("error", reject);
      });
      sent.on("error", reject);
      sent.end();
    });

  /** A broadcast with three complete segments and an open one of two parts. */
  const publish = (handle = `channel_${++serial}`, options: Partial<TestWindowOptions> = {}) => {
    const playbackId = `playback${++serial}`;
    const window: StreamWindow = newTestWindow({ folder: join(root, playbackId), ...options });
    window.addInit(Buffer.from("the initialization section"));
    fillWindow(window, 1, 3);
    addTestPart(window, 4, 0);
    addTestPart(window, 4, 1);
    const playback = { handle, playbackId, window, multivariant: () => `#EXTM3U\n${playbackId}/media.m3u8\n` };
    registry.publish(playback);
    const end = () => {
      window.end();
      registry.unpublish(playback);
    };
    return { window, handle, playbackId, base: `/live/${handle}/${playbackId}`, end };
  };
  const timesAsked = (path: string) => asked.filter((url) => url === path).length;

  test("a crowd that waits for one part and its playlist costs the origin one request each", async () => {
    const { base, window } = publish();
    const paths = [`${base}/p4.2.m4s`, `${base}/media.m3u8?_HLS_msn=4&_HLS_part=2`];
    const crowd = paths.flatMap((path) => Array.from({ length: 40 }, () => get(path)));
    await until("the origin holds both", () => window.waiting === 2, { everyMs: 2 });
    addTestPart(window, 4, 2);
    const answers = await Promise.all(crowd);
    const text = window.playlist(false).plain;
    for (const { status, body } of answers.slice(0, 40)) expect([status, body]).toEqual([200, partBytes(4, 2)]);
    for (const { status, body } of answers.slice(40)) expect([status, body]).toEqual([200, text]);
    expect(paths.map(timesAsked)).toEqual([1, 1]);
  });

  test("a reload that was answered is never the answer to the next one", async () => {
    const { base, window } = publish();
    for (let partIndex = 2; partIndex < 8; partIndex++) {
      const reload = get(`${base}/media.m3u8?_HLS_msn=4&_HLS_part=${partIndex}`);
      const part = get(`${base}/p4.${partIndex}.m4s`);
      await until("both are held", () => window.waiting === 2, { everyMs: 2 });
      addTestPart(window, 4, partIndex);
      expect((await reload).body.toString()).toContain(`URI="p4.${partIndex}.m4s"`);
      expect((await part).body).toEqual(partBytes(4, partIndex));
    }
  });

  test("a plain reload is at most two seconds old", async () => {
    const { base, window } = publish();
    await get(`${base}/media.m3u8`);
    addTestPart(window, 4, 2);
    const startMs = performance.now();
    await until("the new part", async () => (await get(`${base}/media.m3u8`)).body.includes("p4.2.m4s"));
    expect(performance.now() - startMs).toBeLessThan(20_000);
  });

  test("a refusal is not kept: what was too far ahead, or did not come in time, is there for the next who asks", async () => {
    const { base, window } = publish(undefined, { targetDurationSeconds: 0.1 });
    expect((await get(`${base}/p4.3.m4s`)).status).toBe(400);
    expect((await get(`${base}/s4.m4s`)).status).toBe(400);
    expect((await get(`${base}/p4.2.m4s`)).status).toBe(503);
    expect((await get(`${base}/media.m3u8?_HLS_msn=4&_HLS_part=2`)).status).toBe(503);
    addTestPart(window, 4, 2);
    addTestPart(window, 4, 3);
    window.endSegment(4, 0.8, { msn: 5, partIndex: 0 });
    for (const path of ["p4.3.m4s", "s4.m4s", "p4.2.m4s", "media.m3u8?_HLS_msn=4&_HLS_part=2"]) {
      expect([path, (await get(`${base}/${path}`)).status]).toEqual([path, 200]);
    }
  });

  test("media is asked of the origin once, and then served whole, by range and to HEAD", async () => {
    const { base } = publish();
    const path = `${base}/s2.m4s`;
    const whole = Buffer.concat(Array.from({ length: 10 }, (_, i) => partBytes(2, i)));
    const rows: [Record<string, string>, string, number, Buffer][] = [
      [{}, "GET", 200, whole],
      [{ range: "bytes=150-349" }, "GET", 206, whole.subarray(150, 350)],
      [{ range: "bytes=-5" }, "GET", 206, whole.subarray(995)],
      [{}, "HEAD", 200, Buffer.alloc(0)],
    ];
    for (const [headers, method, status, body] of rows) {
      const answer = await get(path, headers, method);
      expect([answer.status, answer.body]).toEqual([status, body]);
      expect(answer.headers["access-control-allow-origin"]).toBe("*");
    }
    expect(timesAsked(path)).toBe(1);
  });

  test("who takes gzip gets it, and who does not does not", async () => {
    const { base, window } = publish();
    const text = window.playlist(false).plain;
    for (const round of [1, 2]) {
      const zipped = await get(`${base}/media.m3u8`, { "accept-encoding": "gzip" });
      const plain = await get(`${base}/media.m3u8`);
      expect([round, gunzipSync(zipped.body), plain.body]).toEqual([round, text, text]);
    }
  });

  test("a channel that comes on, ends and comes on again is never shown an older broadcast for long", async () => {
    const handle = `channel_${++serial}`;
    const index = `/live/${handle}/index.m3u8`;
    expect((await get(index)).status).toBe(404);
    const first = publish(handle);
    await until("it is found", async () => (await get(index)).body.includes(first.playbackId));
    first.end();
    expect((await get(`${first.base}/media.m3u8?_HLS_msn=4&_HLS_part=2`)).body.toString()).toContain("#EXT-X-ENDLIST");
    await until("it is gone", async () => (await get(index)).status === 404);
    const second = publish(handle);
    await until("the new one is found", async () => (await get(index)).body.includes(second.playbackId));
    expect((await get(`${second.base}/media.m3u8`)).body.toString()).not.toContain("#EXT-X-ENDLIST");
  });
});
