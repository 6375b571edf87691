import { readdirSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { AttackedOrigin } from "@/tests/support/attacked-origin";
import { RawViewer, requestText } from "@/tests/support/raw-viewer";
import { noteAttack } from "@/tests/support/security-figures";
import { addTestPart } from "@/tests/support/test-window";
import { until } from "@/tests/support/until";
import { defaultOriginBounds, type OriginBounds } from "./origin-bounds";

/** The honest broadcast has a part every 100 ms. */
const STALL_MS = 5_000;
const soon = { everyMs: 10, timeoutMs: 30_000 };
vi.setConfig({ testTimeout: 120_000 });

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Attack = { origin: AttackedOrigin; port: number; open: (count: number, options?: object) => Promise<RawViewer[]> };

/** Runs an attack while an honest viewer follows another channel: it must get parts before, meanwhile and after, and never stall. */
async function attack(bounds: Partial<OriginBounds>, run: (attack: Attack) => Promise<void>, honest = {}) {
  const origin = await AttackedOrigin.start(bounds, honest);
  const opened: RawViewer[] = [];
  closing.push(async () => {
    for (const viewer of opened) viewer.leave();
    await origin.stop();
  });
  const open = async (count: number, options = {}) => {
    const viewers = await RawViewer.openMany(count, origin.port, options);
    opened.push(...viewers);
    return viewers;
  };
  await origin.viewer.more(1);
  await run({ origin, port: origin.port, open });
  await origin.viewer.more(3);
  expect(origin.viewer.longestGapMs).toBeLessThan(STALL_MS);
}

const statusOf = (viewers: RawViewer[], status: number) => viewers.filter((viewer) => viewer.isAnswered(status)).length;
const openFiles = () => readdirSync("/proc/self/fd").length;
const from = (address: string) => ({ "x-forwarded-for": address });

describe("requests that are held", () => {
  test("5,000 of one address have 2,000 places, the rest 503 as JSON, and none is kept when they leave", async () => {
    await attack(
      { isProxied: true },
      async ({ origin, open }) => {
        // Held for minutes, so that none is through before all have come.
        const { base, window } = origin.publish("attacked", { targetDurationSeconds: 60 });
        const viewers: RawViewer[] = [];
        while (viewers.length < 5_000) {
          const some = await open(250);
          // Whatever a viewer writes before what the proxy appends is not believed.
          for (const [n, viewer] of some.entries()) {
            viewer.get(`${base}/media.m3u8?_HLS_msn=5`, from(`192.0.2.${n}, 198.51.100.7`));
          }
          viewers.push(...some);
        }
        const { maxWaitingPerAddress } = defaultOriginBounds;
        await until("all have come", () => statusOf(viewers, 503) >= 5_000 - maxWaitingPerAddress, {
          timeoutMs: 60_000,
        });
        expect(window.waiting).toBeLessThanOrEqual(maxWaitingPerAddress);
        const refused = viewers.find((viewer) => viewer.isAnswered(503));
        expect(refused?.text).toMatch(/content-type: application\/json/i);
        expect(refused?.text).toContain('{"error":"too many requests are waiting from your address"}');
        expect(origin.server.load().refusals["too-many-waiting-from-address"]).toBeGreaterThanOrEqual(3_000);
        for (const viewer of viewers) viewer.leave();
        await until("none waits", () => window.waiting === 0 && origin.server.load().waiting <= 1, soon);
      },
      { headers: from("203.0.113.9") },
    );
    noteAttack("HLS", "parked requests of one address", 5_000);
  }, 300_000);

  test("a /64 of IPv6 is one address, and no header makes another one of a viewer who comes directly", async () => {
    await attack({ isProxied: true, maxWaitingPerAddress: 10 }, async ({ origin, open }) => {
      const { base } = origin.publish("attacked");
      const viewers = await open(40);
      viewers.forEach((viewer, n) => {
        viewer.get(`${base}/p4.1.m4s`, from(`2001:db8:0:7:${n}::1`));
      });
      await until("all have come", () => statusOf(viewers, 503) === 30, soon);
    });
    await attack(
      { maxWaitingPerAddress: 10 },
      async ({ origin, open }) => {
        const { base } = origin.publish("attacked");
        const viewers = await open(40);
        viewers.forEach((viewer, n) => {
          viewer.get(`${base}/p4.1.m4s`, { ...from(`198.51.100.${n}`), forwarded: `for=198.51.100.${n}` });
        });
        await until("all have come", () => statusOf(viewers, 503) === 30, soon);
      },
      { localAddress: "127.0.0.2" },
    );
    noteAttack("HLS", "parked requests under other addresses", 80);
  });

  test("of many addresses they are bounded in all, and what needs no waiting is still answered", async () => {
    await attack({ isProxied: true, maxWaiting: 100 }, async ({ origin, open }) => {
      await origin.viewer.stop();
      const { base, window } = origin.publish("attacked");
      const viewers = await open(400);
      viewers.forEach((viewer, n) => {
        viewer.get(`${base}/p4.1.m4s`, from(`198.51.${n >> 7}.${n % 128}`));
      });
      await until("all have come", () => statusOf(viewers, 503) === 300, soon);
      expect(window.waiting).toBe(100);
      const [plain] = await open(1);
      plain?.get(`${base}/media.m3u8`);
      await until("it is answered", () => plain?.statuses[0] === 200, soon);
      for (const viewer of viewers) viewer.leave();
      await until("none waits", () => window.waiting === 0, soon);
      origin.viewer.start();
    });
    noteAttack("HLS", "parked requests of many addresses", 400);
  });
});

describe("connections", () => {
  test("are bounded per address, others come in, and a place is free again when one has left", async () => {
    await attack(
      { maxConnectionsPerAddress: 50 },
      async ({ origin, open }) => {
        const { base } = origin.publish("attacked");
        const viewers = await open(200);
        await until("150 are cut", () => viewers.filter(({ isClosed }) => isClosed).length === 150, soon);
        const [other] = await open(1, { localAddress: "127.0.0.3" });
        other?.get(`${base}/media.m3u8`);
        await until("another is served", () => other?.statuses[0] === 200, soon);
        for (const viewer of viewers) viewer.leave();
        const back = async () => {
          const [viewer] = await open(1);
          viewer?.get(`${base}/media.m3u8`);
          return until("an answer", () => viewer?.isClosed || viewer?.statuses[0] === 200, soon);
        };
        await until("one is back", async () => (await back()) && true, soon);
      },
      { localAddress: "127.0.0.2" },
    );
    noteAttack("HLS", "connections of one address", 200);
  });

  test("are bounded in all", async () => {
    await attack({ maxConnections: 60 }, async ({ origin, open }) => {
      const viewers = await open(100);
      await until("40 are cut", () => viewers.filter(({ isClosed }) => isClosed).length >= 40, soon);
      expect(origin.server.load().connections).toBeLessThanOrEqual(60);
      expect(origin.server.load().refusals["too-many-connections"]).toBeGreaterThanOrEqual(40);
    });
    noteAttack("HLS", "connections in all", 100);
  });

  test("that say nothing, or a header a byte at a time, or send a body without end, are cut at the deadline", async () => {
    await attack({ requestMs: 500 }, async ({ origin, open }) => {
      const { base } = origin.publish("attacked");
      const silent = await open(30);
      const dripping = await open(30);
      const bodies = await open(30);
      for (const viewer of dripping) viewer.send(`GET ${base}/media.m3u8 HTTP/1.1\r\n`);
      for (const viewer of bodies) viewer.get(`${base}/media.m3u8`, { "content-length": "1000000000" });
      const drip = setInterval(() => {
        for (const viewer of dripping) viewer.send("x-a: b\r\n");
        for (const viewer of bodies) viewer.send(Buffer.alloc(10_000));
      }, 50);
      closing.push(async () => clearInterval(drip));
      const all = [...silent, ...dripping, ...bodies];
      await until("all are cut", () => all.every(({ isClosed }) => isClosed), soon);
      expect(statusOf(bodies, 200)).toBe(30);
    });
    noteAttack("HLS", "slow and silent requests, bodies without end", 90);
  });

  test("with a header larger than any viewer's are cut", async () => {
    await attack({}, async ({ open }) => {
      const viewers = await open(20);
      for (const viewer of viewers)
        viewer.send(`GET / HTTP/1.1\r\nhost: x\r\ncookie: ${"a".repeat(1_000_000)}\r\n\r\n`);
      await until("all are cut", () => viewers.every(({ isClosed }) => isClosed), soon);
      expect(statusOf(viewers, 200)).toBe(0);
    });
    noteAttack("HLS", "huge headers", 20);
  });
});

describe("viewers who ask for media and do not read", () => {
  test("are cut after their time, from memory and from disk, and no file stays open", async () => {
    await attack({ patienceMs: 600 }, async ({ origin, open }) => {
      const { base, window } = origin.publish("attacked", { partSize: 2 ** 20, memorySeconds: 4 });
      for (let partIndex = 1; partIndex < 10; partIndex++) addTestPart(window, 4, partIndex, 2 ** 20);
      await until("on disk", () => [1, 2, 3].every((msn) => window.isStored(msn)), soon);
      window.endSegment(4, 2, { msn: 5, partIndex: 0 });
      expect([window.segment(1)?.kind, window.segment(4)?.kind]).toEqual(["file", "memory"]);
      const files = openFiles();
      const viewers = await open(12, { isReading: false });
      // Every third takes a little now and then, so that its connection is never quiet.
      const dripping = viewers.filter((_, n) => n % 3 === 0);
      const drip = setInterval(() => {
        for (const { socket } of dripping) socket.read(512);
      }, 20);
      closing.push(async () => clearInterval(drip));
      viewers.forEach((viewer, n) => {
        viewer.get(`${base}/s${1 + (n % 4)}.m4s`);
      });
      await until("all are cut", () => origin.server.load().refusals["slow-reader"] === 12, soon);
      for (const viewer of viewers) viewer.leave();
      await until("no file is open", () => openFiles() <= files, soon);
    });
    noteAttack("HLS", "slow readers", 12);
  });

  test("but one who reads on, however large the answer, gets all of it", async () => {
    await attack({ patienceMs: 3_000 }, async ({ origin, open }) => {
      const { base } = origin.publish("attacked", { partSize: 2 ** 18 });
      const [viewer] = await open(1);
      for (let n = 1; n <= 3; n++) {
        viewer?.get(`${base}/s${n}.m4s`);
        await until("all of it", () => (viewer?.receivedBytes ?? 0) >= n * 10 * 2 ** 18, soon);
      }
    });
  });
});

describe("viewers who leave in the middle", () => {
  test("of a wait, of a segment in memory and of one on disk, leave nothing behind", async () => {
    await attack({}, async ({ origin, open }) => {
      const { base, window } = origin.publish("attacked", {
        partSize: 2 ** 20,
        memorySeconds: 4,
        targetDurationSeconds: 10,
      });
      for (let partIndex = 1; partIndex < 10; partIndex++) addTestPart(window, 4, partIndex, 2 ** 20);
      await until("on disk", () => [1, 2, 3].every((msn) => window.isStored(msn)), soon);
      window.endSegment(4, 2, { msn: 5, partIndex: 0 });
      const before = { connections: origin.server.load().connections, files: openFiles() };
      const paths = [
        `${base}/p5.0.m4s`,
        `${base}/media.m3u8?_HLS_msn=5&_HLS_part=0`,
        `${base}/s4.m4s`,
        `${base}/s1.m4s`,
      ];
      const viewers = await open(40, { isReading: false });
      viewers.forEach((viewer, n) => {
        viewer.get(paths[n % 4] ?? "");
      });
      await until("half of them wait", () => window.waiting === 20, soon);
      for (const viewer of viewers) viewer.leave();
      await until("nothing is left", () => {
        const { connections, waiting } = origin.server.load();
        return window.waiting === 0 && waiting <= 1 && connections <= before.connections && openFiles() <= before.files;
      });
    });
    noteAttack("HLS", "aborted viewers", 40);
  });
});

describe("requests behind one another on a connection", () => {
  test("are not taken before the one before is answered: a thousand open no file and hold no place", async () => {
    await attack({}, async ({ origin, open }) => {
      const { base, window } = origin.publish("attacked", {
        partSize: 2 ** 16,
        memorySeconds: 2,
        targetDurationSeconds: 10,
      });
      await until("on disk", () => window.isStored(1), soon);
      for (let partIndex = 1; partIndex < 10; partIndex++) addTestPart(window, 4, partIndex);
      window.endSegment(4, 2, { msn: 5, partIndex: 0 });
      expect(window.segment(1)?.kind).toBe("file");
      const [files, held] = [await open(3, { isReading: false }), await open(3)];
      const before = openFiles();
      for (const viewer of files) viewer.send(requestText(`${base}/s1.m4s`).repeat(1_000));
      for (const viewer of held) viewer.send(requestText(`${base}/p5.0.m4s`).repeat(1_000));
      const refused = () => origin.server.load().refusals.pipelined ?? 0;
      await until("they have come", () => refused() >= 1_500 && window.waiting === 3, soon);
      expect(openFiles()).toBeLessThanOrEqual(before + 20);
      expect(window.waiting).toBe(3);
      for (const viewer of [...files, ...held]) viewer.leave();
      await until("none waits", () => window.waiting === 0 && origin.server.load().waiting <= 1, soon);
      const [polite] = await open(1);
      polite?.send(requestText(`${base}/media.m3u8`).repeat(2));
      await until("it may ask again", () => polite?.isClosed, soon);
      expect(polite?.statuses).toEqual([200, 503]);
    });
    noteAttack("HLS", "pipelining", 6_000);
  });

  test("hidden in another's body are never answered, however their length is told", async () => {
    const hidden = requestText("/live/honest/playbackhonest/media.m3u8");
    const length = Buffer.byteLength(hidden);
    const heads = [
      `Content-Length: ${length}\r\nTransfer-Encoding: chunked`,
      `Transfer-Encoding: chunked\r\nContent-Length: ${length}`,
      `Content-Length: 0\r\nContent-Length: ${length}`,
      `Content-Length: 0, ${length}`,
      `Content-Length: +${length}`,
      `Content-Length: 0x${length.toString(16)}`,
      `Content-Length : ${length}`,
      "Transfer-Encoding: xchunked",
      "Transfer-Encoding: chunked, identity",
      "Transfer-Encoding: identity, chunked, identity",
      "Transfer-Encoding : chunked",
      "Transfer-Encoding:\x0bchunked",
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
      "X: y\r\n Transfer-Encoding: chunked",
      "X: y\nTransfer-Encoding: chunked",
      "X: y\rTransfer-Encoding: chunked",
      `Content-Length: ${length}`,
    ];
    const tries = heads.flatMap((head) => ["GET", "HEAD", "POST", "OPTIONS"].map((method) => ({ head, method })));
    await attack({ requestMs: 1_000 }, async ({ open }) => {
      const viewers = await open(tries.length);
      tries.forEach(({ head, method }, n) => {
        const body = `${head.includes("chunked") ? "0\r\n\r\n" : ""}${hidden}`;
        viewers[n]?.send(`${method} /live/nobody/index.m3u8 HTTP/1.1\r\nHost: x\r\n${head}\r\n\r\n${body}`);
      });
      await until(
        "all are answered or cut",
        () => viewers.every((viewer) => viewer.isClosed || viewer.statuses[0]),
        soon,
      );
      await until(
        "those that were refused are cut",
        () => viewers.every((v) => v.isClosed || v.statuses[0] !== 400),
        soon,
      );
      const answered = tries.filter((_, n) => viewers[n]?.statuses.includes(200));
      expect(answered).toEqual([]);
    });
    noteAttack("HLS", "request smuggling", tries.length);
  });
});

describe("parameters of a reload", () => {
  test("that are malformed, repeated or too far ahead are refused at once, those far behind answered at once", async () => {
    const malformed = ["-1", "NaN", "1.5", "0x4", "1e1", "+4", " 4", "4 ", "", "٤", "4\0", "Infinity", "null", "[]"];
    const huge = [`${2 ** 53}`, `${2 ** 53 + 2}`, "9".repeat(30), "9".repeat(8_000), "0".repeat(400)];
    const values = [...malformed, ...huge].map(encodeURIComponent);
    const bad = [
      ...values.map((value) => `_HLS_msn=${value}`),
      ...values.map((value) => `_HLS_msn=4&_HLS_part=${value}`),
      ...values.map((value) => `_HLS_part=${value}`),
      ...["_HLS_part=0", "_HLS_msn=4&_HLS_msn=4", "_HLS_msn=4&_HLS_part=0&_HLS_part=0", "_HLS_msn[]=4&_HLS_part=0"],
      ...["_HLS_msn=6", "_HLS_msn=999999999999999", "_HLS_msn=4&_HLS_part=99", "_HLS_msn=5&_HLS_part=20"],
    ];
    const good = [
      "_HLS_msn=0",
      "_HLS_msn=0&_HLS_part=0",
      "_HLS_msn=3&_HLS_part=999999999999999",
      "_HLS_msn=2&_HLS_part=9",
    ];
    await attack({}, async ({ origin, open }) => {
      const { base, window } = origin.publish("attacked");
      const viewers = await open(bad.length + good.length);
      [...bad, ...good].forEach((query, n) => {
        viewers[n]?.get(`${base}/media.m3u8?${query}`);
      });
      await until("all are answered", () => viewers.every(({ statuses }) => statuses.length === 1), soon);
      const statuses = viewers.map((viewer) => viewer.statuses[0]);
      expect(bad.filter((_, n) => statuses[n] !== 400)).toEqual([]);
      expect(good.filter((_, n) => statuses[bad.length + n] !== 200)).toEqual([]);
      expect(window.waiting).toBe(0);
    });
    noteAttack("HLS", "msn and part abuse", bad.length + good.length);
  });
});
