import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noteAttack } from "@/tests/support/security-figures";
import { addTestPart, fillWindow, newTestWindow, partBytes } from "@/tests/support/test-window";
import { until } from "@/tests/support/until";
import { createOriginServer } from "./http-server";
import { OriginRegistry } from "./origin-registry";
import type { StreamWindow } from "./stream-window";

type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer };

const root = mkdtempSync(join(tmpdir(), "origin-"));
const registry = new OriginRegistry();
const server = createOriginServer({ registry, log: pino({ level: "silent" }) });
let port = 0;
let serial = 0;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(root, { recursive: true, force: true });
});

/** The path goes out as it is given: nothing is normalized. */
async function ask(path: string, { method = "GET", headers = {} as Record<string, string> } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
      response.on("error", reject);
    });
    asked.on("error", reject);
    asked.end();
  });
}

type Published = { window: StreamWindow; base: string; handle: string; end: () => void };

/** A live playback with three complete segments and an open one of two parts. */
function publish(options: { targetDurationSeconds?: number; memorySeconds?: number } = {}): Published {
  const handle = `channel_${++serial}`;
  const playbackId = `playback${serial}`;
  const window = newTestWindow({ folder: join(root, playbackId), ...options });
  window.addInit(Buffer.from("the initialization section"));
  fillWindow(window, 1, 3);
  addTestPart(window, 4, 0);
  addTestPart(window, 4, 1);
  const playback = { handle, playbackId, window, multivariant: () => `#EXTM3U\n${playbackId}/media.m3u8\n` };
  registry.publish(playback);
  return { window, handle, base: `/live/${handle}/${playbackId}`, end: () => registry.remove(playback) };
}

const segment = (msn: number): Buffer => Buffer.concat(Array.from({ length: 10 }, (_, i) => partBytes(msn, i)));

describe("addresses", () => {
  test("playlists, initialization section, segments and parts are served with their types", async () => {
    const { base, handle, window } = publish();
    const rows: [string, string, Buffer][] = [
      [
        `/live/${handle}/index.m3u8`,
        "application/vnd.apple.mpegurl",
        Buffer.from(`#EXTM3U\nplayback${serial}/media.m3u8\n`),
      ],
      [`${base}/media.m3u8`, "application/vnd.apple.mpegurl", window.playlist(false).plain],
      [`${base}/media.m3u8?_HLS_skip=YES`, "application/vnd.apple.mpegurl", window.playlist(true).plain],
      [`${base}/init-0.mp4`, "video/mp4", Buffer.from("the initialization section")],
      [`${base}/s2.m4s`, "video/mp4", segment(2)],
      [`${base}/p4.1.m4s`, "video/mp4", partBytes(4, 1)],
    ];
    for (const [path, type, body] of rows) {
      const answer = await ask(path);
      expect([path, answer.status, answer.headers["content-type"]]).toEqual([path, 200, type]);
      expect(answer.body).toEqual(body);
      expect(answer.headers["access-control-allow-origin"]).toBe("*");
      expect(answer.headers["access-control-allow-credentials"]).toBeUndefined();
      const isPlaylist = type.includes("mpegurl");
      expect(answer.headers["cache-control"]).toMatch(isPlaylist ? /max-age=[01]\b/ : /immutable/);
    }
  });

  test("HEAD answers with the same headers and no body", async () => {
    const { base } = publish();
    for (const path of [`${base}/media.m3u8`, `${base}/s1.m4s`, `${base}/p4.0.m4s`, `${base}/init-0.mp4`]) {
      const [get, head] = [await ask(path), await ask(path, { method: "HEAD" })];
      expect(head.body.length).toBe(0);
      const { date: _get, ...expected } = get.headers;
      const { date: _head, ...headers } = head.headers;
      expect(headers).toEqual(expected);
    }
  });

  test("a preflight of any page is allowed, any other method is not", async () => {
    const { base } = publish();
    const preflight = await ask(`${base}/s1.m4s`, {
      method: "OPTIONS",
      headers: { origin: "https://other.example", "access-control-request-headers": "range" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers["access-control-allow-headers"]?.toLowerCase()).toContain("range");
    const other = await ask(`${base}/s1.m4s`, { method: "POST" });
    expect([other.status, other.headers.allow]).toEqual([405, "GET, HEAD, OPTIONS"]);
  });

  test("a playlist is compressed for whoever takes that, and caches are told", async () => {
    const { base, window } = publish();
    const answer = await ask(`${base}/media.m3u8`, { headers: { "accept-encoding": "br, gzip" } });
    expect(answer.headers["content-encoding"]).toBe("gzip");
    expect(answer.headers.vary).toBe("Accept-Encoding");
    expect(gunzipSync(answer.body)).toEqual(window.playlist(false).plain);
  });

  test("what is not there is 404 as JSON, readable from any page, and cached for a second at most", async () => {
    const { base, handle } = publish();
    const paths = [
      "/",
      "/live/nobody/index.m3u8",
      `/live/${handle}/0123456789abcdef/media.m3u8`,
      `${base}/s0.m4s`,
      `${base}/init-7.mp4`,
      `${base}/p1.99.m4s`,
      `${base}/other.m3u8`,
    ];
    for (const path of paths) {
      const answer = await ask(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(typeof JSON.parse(answer.body.toString()).error).toBe("string");
      expect(answer.headers["access-control-allow-origin"]).toBe("*");
      expect(answer.headers["cache-control"]).toMatch(/max-age=[01]\b|no-store/);
    }
  });

  test("nobody climbs out of the origin's addresses, however the way is written", async () => {
    const { base, handle } = publish();
    const ways = [
      "..",
      "%2e%2e",
      "%2E%2E",
      "..%2f..",
      "%252e%252e",
      "..\\..",
      "%c0%ae%c0%ae",
      "....//",
      "%00",
      "s1.m4s%00.mp4",
      ...[".%2e", "%2e%2e%2f", "..%5c..", "..%255c..", "..;", "%%32%65%%32%65", "%u002e%u002e", "%uff0e%uff0e"],
      ...["%ef%bc%8e%ef%bc%8e", "%e0%80%ae%e0%80%ae", "%f0%80%80%ae", ".%00.", "..%0d%0a", "s1.m4s%2f..%2f..", "~root"],
    ];
    for (const way of ways) {
      for (const path of [
        `${base}/${way}/${way}/etc/passwd`,
        `/live/${way}/index.m3u8`,
        `${base}/${way}`,
        `/${way}/live/${handle}/index.m3u8`,
      ]) {
        expect([path, (await ask(path)).status]).toEqual([path, 404]);
      }
    }
    expect((await ask(`${base}/p1.0.m4s/../../../../etc/passwd`)).status).toBe(404);
    expect((await ask(`http://127.0.0.1${base}/s1.m4s`)).status).toBe(404);
    noteAttack("HLS", "path traversal", 4 * ways.length + 2);
  });

  test("another channel's playback is not found under this one's name", async () => {
    const [one, other] = [publish(), publish()];
    const stolen = `/live/${one.handle}/${other.base.split("/").at(-1)}/media.m3u8`;
    expect((await ask(stolen)).status).toBe(404);
  });
});

describe("ranges", () => {
  const whole = segment(2);
  const rows: [string, number, Buffer | null, string | undefined][] = [
    ["bytes=0-99", 206, whole.subarray(0, 100), "bytes 0-99/1000"],
    ["bytes=150-349", 206, whole.subarray(150, 350), "bytes 150-349/1000"],
    ["bytes=990-", 206, whole.subarray(990), "bytes 990-999/1000"],
    ["bytes=-5", 206, whole.subarray(995), "bytes 995-999/1000"],
    ["bytes=0-5000", 206, whole, "bytes 0-999/1000"],
    ["bytes=-5000", 206, whole, "bytes 0-999/1000"],
    ["bytes=1000-", 416, null, "bytes */1000"],
    ["bytes=-0", 416, null, "bytes */1000"],
    ["bytes=5-2", 200, whole, undefined],
    ["bytes=0-1,5-6", 200, whole, undefined],
    ["bytes=a-b", 200, whole, undefined],
    ["seconds=0-1", 200, whole, undefined],
  ];
  test.each(rows)("%s from memory and from disk", async (range, status, body, contentRange) => {
    const { base, window } = publish({ memorySeconds: 4 });
    const ask2 = () => ask(`${base}/s2.m4s`, { headers: { range } });
    const check = (answer: Answer) => {
      expect([answer.status, answer.headers["content-range"]]).toEqual([status, contentRange]);
      if (body) expect(answer.body).toEqual(body);
    };
    expect(window.segment(2)?.kind).toBe("memory");
    check(await ask2());
    for (let partIndex = 2; partIndex < 10; partIndex++) addTestPart(window, 4, partIndex);
    await until("on disk", () => [1, 2, 3].every((msn) => window.isStored(msn)), { everyMs: 2 });
    window.endSegment(4, 2, { msn: 5, partIndex: 0 });
    expect(window.segment(2)?.kind).toBe("file");
    check(await ask2());
    await window.dispose();
  });
});

describe("requests for what comes next", () => {
  test("the hinted part and the reload for it are held until it is there", async () => {
    const { base, window } = publish();
    const part = ask(`${base}/p4.2.m4s`);
    const reload = ask(`${base}/media.m3u8?_HLS_msn=4&_HLS_part=2`);
    await until("both are held", () => window.waiting === 2, { everyMs: 2 });
    addTestPart(window, 4, 2);
    expect((await part).body).toEqual(partBytes(4, 2));
    const text = (await reload).body.toString();
    expect(text).toContain('URI="p4.2.m4s"');
    expect(text).toContain('#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p4.3.m4s"');
    expect(window.waiting).toBe(0);
  });

  test("a reload for the open segment is held until it is whole", async () => {
    const { base, window } = publish();
    const reload = ask(`${base}/media.m3u8?_HLS_msn=4`);
    await until("it is held", () => window.waiting === 1, { everyMs: 2 });
    addTestPart(window, 4, 2);
    expect(window.waiting).toBe(1);
    window.endSegment(4, 0.6, { msn: 5, partIndex: 0 });
    expect((await reload).body.toString()).toContain("s4.m4s");
  });

  test("a hinted part that never comes, as its segment ended without it, is 404 at once", async () => {
    const { base, window } = publish();
    const part = ask(`${base}/p4.2.m4s`);
    await until("it is held", () => window.waiting === 1, { everyMs: 2 });
    window.endSegment(4, 0.4, { msn: 5, partIndex: 0 });
    expect((await part).status).toBe(404);
    expect(window.waiting).toBe(0);
    expect(window.playlist(false).plain.toString()).toContain('URI="p5.0.m4s"');
  });

  test("the hinted first part of the next segment comes, though its segment began later than hinted", async () => {
    const { base, window } = publish();
    const part = ask(`${base}/p5.0.m4s`);
    await until("it is held", () => window.waiting === 1, { everyMs: 2 });
    addTestPart(window, 4, 2);
    window.endSegment(4, 0.6, { msn: 5, partIndex: 0 });
    addTestPart(window, 5, 0);
    expect((await part).body).toEqual(partBytes(5, 0));
  });

  test("what is malformed or too far ahead is refused at once, and no cache keeps that", async () => {
    const { base } = publish();
    for (const query of [
      "_HLS_msn=6",
      "_HLS_msn=-1",
      "_HLS_msn=NaN",
      "_HLS_part=0",
      "_HLS_msn=4&_HLS_part=99",
      `_HLS_msn=${2 ** 53}`,
    ]) {
      const answer = await ask(`${base}/media.m3u8?${query}`);
      expect([query, answer.status]).toEqual([query, 400]);
      expect(answer.headers["access-control-allow-origin"]).toBe("*");
      expect(answer.headers["cache-control"]).toBe("no-store");
    }
  });

  test("held for three target durations a request is answered with 503", async () => {
    const { base, window } = publish({ targetDurationSeconds: 0.1 });
    const startMs = performance.now();
    const answers = await Promise.all([ask(`${base}/media.m3u8?_HLS_msn=4&_HLS_part=2`), ask(`${base}/p4.2.m4s`)]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
    expect(answers.map(({ headers }) => headers["cache-control"])).toEqual(["no-store", "no-store"]);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(295);
    expect(window.waiting).toBe(0);
  });

  test("the end of the broadcast releases all: the playlist with its end, the part with 404", async () => {
    const { base, window } = publish();
    const reload = ask(`${base}/media.m3u8?_HLS_msn=4&_HLS_part=2`);
    const part = ask(`${base}/p4.2.m4s`);
    await until("both are held", () => window.waiting === 2, { everyMs: 2 });
    window.end();
    expect((await reload).body.toString()).toContain("#EXT-X-ENDLIST");
    expect((await part).status).toBe(404);
  });

  test("a viewer who goes away while waiting leaves nothing behind", async () => {
    const { base, window } = publish();
    const socket = connect(port, "127.0.0.1");
    socket.write(`GET ${base}/p4.2.m4s HTTP/1.1\r\nHost: x\r\n\r\n`);
    await until("it is held", () => window.waiting === 1, { everyMs: 2 });
    socket.destroy();
    await until("it is forgotten", () => window.waiting === 0, { everyMs: 2 });
  });

  test("once a broadcast's addresses are taken away they are 404, though its window may still be there", async () => {
    const { base, handle, end } = publish();
    end();
    expect((await ask(`${base}/media.m3u8`)).status).toBe(404);
    expect((await ask(`/live/${handle}/index.m3u8`)).status).toBe(404);
  });
});
