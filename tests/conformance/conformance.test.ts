import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { chromium } from "@playwright/test";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "@/scripts/chromium";
import { FfmpegEncoder } from "@/tests/support/ffmpeg-encoder";
import { MediaProcess } from "@/tests/support/media-process";
import { until } from "@/tests/support/until";
import { untilFramesAdvance } from "@/tests/support/video-frames";
import { decodingWarnings, packetsOf, run } from "./decode";
import { PlaylistFollower } from "./playlist-follower";

type ShakaPlayer = {
  attach(video: HTMLVideoElement): Promise<void>;
  configure(name: string, value: unknown): void;
  load(url: string): Promise<void>;
};

const FOLLOW_SECONDS = 18;

const streams = [
  { handle: "fps24_gop2", frameRate: 24, gopSeconds: 2 },
  { handle: "fps25_gop1", frameRate: 25, gopSeconds: 1 },
  { handle: "fps2997_gop2", frameRate: 30000 / 1001, gopSeconds: 2 },
  { handle: "fps30_gop833", frameRate: 30, gopSeconds: 25 / 3 },
  { handle: "fps30_gop5", frameRate: 30, gopSeconds: 5 },
  { handle: "fps60_gop2", frameRate: 60, gopSeconds: 2 },
];

let media: MediaProcess;
const encoders = new Map<string, FfmpegEncoder>();
const followers = new Map<string, PlaylistFollower>();

const playlistUrl = (handle: string): string => `${media.originUrl}/live/${handle}/index.m3u8`;
const follower = (handle: string): PlaylistFollower => {
  const found = followers.get(handle);
  if (!found) throw new Error(`nobody follows ${handle}`);
  return found;
};

function encode(handle: string, options: { frameRate?: number; gopSeconds?: number; size?: string }): FfmpegEncoder {
  const encoder = new FfmpegEncoder({
    rtmpUrl: media.rtmpUrl,
    streamKey: `live_${handle}`,
    size: "320x180",
    ...options,
  });
  encoders.set(handle, encoder);
  return encoder;
}

beforeAll(async () => {
  media = await MediaProcess.start();
  for (const { handle, ...options } of streams) encode(handle, options);
  await Promise.all(
    streams.map(async ({ handle }) => {
      const opened = await PlaylistFollower.open(playlistUrl(handle));
      followers.set(handle, opened);
      await opened.follow(FOLLOW_SECONDS);
    }),
  );
}, 90_000);

afterAll(async () => {
  await Promise.all([...encoders.values()].map((encoder) => encoder.crash()));
  await media?.stop();
});

describe.each(streams)("$handle, followed as a low-latency player does", ({ handle, frameRate, gopSeconds }) => {
  test("no rule of its playlist is broken", () => {
    const { faults, reloads, list } = follower(handle);
    expect([...faults]).toEqual([]);
    expect(reloads).toBeGreaterThan(FOLLOW_SECONDS);
    expect(list?.targetDuration).toBe(2);
    expect(list?.partTarget).toBeGreaterThan(0.17);
    expect(list?.partTarget).toBeLessThan(0.23);
    expect(list?.isIndependent).toBe(gopSeconds <= 2);
  });

  test("its variant is described", () => {
    const { variant } = follower(handle);
    expect(variant.CODECS).toMatch(/^avc1\.[0-9a-f]{6},mp4a\.40\.2$/);
    expect(variant.RESOLUTION).toBe("320x180");
    expect(Number(variant["FRAME-RATE"])).toBeCloseTo(frameRate, 2);
    expect(Number(variant.BANDWIDTH)).toBeGreaterThanOrEqual(Number(variant["AVERAGE-BANDWIDTH"]));
  });

  test("its dates say when media came in", () => {
    const { least, median } = follower(handle).edgeMs;
    // A part is announced when it ends, never before; a busy machine adds to that.
    expect(least).toBeGreaterThan(-50);
    expect(median).toBeLessThan(500);
  });

  test("a delta update is the full playlist without its oldest segments", async () => {
    expect(await follower(handle).compareDelta()).toBeGreaterThan(0);
  });

  test("each segment is its parts, and all of it decodes without a warning", async () => {
    const { segments, media: bytes } = follower(handle);
    const whole = [...segments.values()].filter(({ uri }) => uri !== null);
    const bytesAt = (uri: string | null): Buffer => bytes.get(uri ?? "") ?? Buffer.alloc(0);
    const followed = whole.filter(({ parts }) => parts.length > 0);
    expect(followed.length).toBeGreaterThan(5);
    for (const { msn, uri, parts } of followed) {
      expect(Buffer.concat(parts.map((part) => bytesAt(part.uri))).equals(bytesAt(uri)), `segment ${msn}`).toBe(true);
    }
    const init = bytesAt(whole[0]?.map ?? null);
    expect(await decodingWarnings(Buffer.concat([init, ...whole.map(({ uri }) => bytesAt(uri))]))).toBe("");
    const alone = whole.filter(({ parts }) => parts[0]?.isIndependent).slice(-2);
    for (const { uri } of alone) expect(await decodingWarnings(Buffer.concat([init, bytesAt(uri)]))).toBe("");
  }, 60_000);
});

describe("what single parts hold", () => {
  test("each part is readable alone, begins where the one before ended, and an independent one decodes alone", async () => {
    const { segments, media: bytes } = follower("fps25_gop1");
    const rows = [...segments.values()].filter(({ parts }) => parts.length > 0).slice(2, 5);
    const init = bytes.get(rows[0]?.map ?? "") ?? Buffer.alloc(0);
    let last = 0;
    for (const part of rows.flatMap(({ parts }) => parts)) {
      const mp4 = Buffer.concat([init, bytes.get(part.uri) ?? Buffer.alloc(0)]);
      const { warnings, packets } = await packetsOf(mp4);
      expect(warnings).toBe("");
      const video = packets.filter(({ track }) => track === "video").map(({ seconds }) => seconds);
      if (last) expect(Math.abs((video[0] ?? 0) - last - 1 / 25)).toBeLessThan(0.005);
      last = video.at(-1) ?? 0;
      expect(Math.abs(video.length / 25 - part.duration)).toBeLessThan(0.005);
      if (part.isIndependent) expect(await decodingWarnings(mp4)).toBe("");
    }
  }, 60_000);
});

describe("what requests get", () => {
  test("400 for what is too far ahead or malformed, 404 for what has gone", async () => {
    const { url, list } = follower("fps25_gop1");
    const ahead = (list?.segments.at(-1)?.msn ?? 0) + 100;
    const status = async (query: string) => (await fetch(`${url}?${query}`)).status;
    for (const query of [`_HLS_msn=${ahead}`, "_HLS_msn=-1", "_HLS_msn=NaN", `_HLS_msn=${2 ** 53}`, "_HLS_part=1"]) {
      expect([query, await status(query)]).toEqual([query, 400]);
    }
    expect((await fetch(new URL("s0.m4s", url))).status).toBe(404);
    expect((await fetch(new URL("../0123456789abcdef/media.m3u8", url))).status).toBe(404);
    expect((await fetch(playlistUrl("nobody"))).status).toBe(404);
  });

  test("the hinted part is held and comes whole", async () => {
    const followed = follower("fps25_gop1");
    await followed.reload();
    const hint = followed.list?.hint ?? "";
    const response = await fetch(hint, { signal: AbortSignal.timeout(5000) });
    expect(response.status).toBe(200);
    const bytes = Buffer.from(await response.arrayBuffer());
    await followed.follow(0.6);
    expect(bytes.equals(followed.media.get(hint) ?? Buffer.alloc(0))).toBe(true);
  });
});

describe("other players", () => {
  test("ffmpeg plays the address as an ordinary player", async () => {
    const args = [
      "-v",
      "warning",
      "-live_start_index",
      "-3",
      "-i",
      playlistUrl("fps25_gop1"),
      "-t",
      "5",
      "-map",
      "0:v",
      "-f",
      "framecrc",
      "-",
    ];
    const { exitCode, out } = await run("ffmpeg", args);
    expect(exitCode).toBe(0);
    expect(out.split("\n").filter((line) => /^0,/.test(line)).length).toBeGreaterThanOrEqual(120);
  }, 60_000);
});

describe("an encoder that drops and comes back with another picture", () => {
  const handle = "fps24_gop2";

  test("while it is gone a held reload is answered with 503 after three target durations", async () => {
    await encoders.get(handle)?.crash();
    const followed = follower(handle);
    const startMs = Date.now();
    const status = await until(
      "the held reload",
      async () => {
        const answer = await followed.reload();
        return answer === 200 ? null : answer;
      },
      { timeoutMs: 20_000, everyMs: 1 },
    );
    expect(status).toBe(503);
    expect(Date.now() - startMs).toBeGreaterThan(5_000);
  }, 30_000);

  test("the same playlist goes on behind a discontinuity with a new MAP, and then ends at once when it is stopped", async () => {
    const followed = follower(handle);
    const lastMsn = followed.list?.segments.at(-1)?.msn ?? 0;
    const back = encode(handle, { frameRate: 30, gopSeconds: 1, size: "640x360" });
    await until(
      "it goes on",
      async () => {
        await followed.reload();
        return (followed.list?.segments.at(-1)?.msn ?? 0) > lastMsn + 1;
      },
      { timeoutMs: 20_000, everyMs: 10 },
    );
    const first = followed.list?.segments.find(({ msn }) => msn === lastMsn + 1);
    expect(first?.hasDiscontinuity).toBe(true);
    expect(first?.map).not.toBe(followed.list?.segments.find(({ msn }) => msn === lastMsn)?.map);
    const text = await (await fetch(followed.multivariantUrl)).text();
    expect(text).toContain("RESOLUTION=640x360");
    await back.stop();
    await followed.follow(5);
    expect(followed.list?.isEnded).toBe(true);
    expect((await fetch(followed.multivariantUrl)).status).toBe(404);
    expect(media.portal.ends).toContain(`${handle} encoder-stopped`);
    expect([...followed.faults].filter((fault) => !fault.includes("answered with 503"))).toEqual([]);
  }, 60_000);
});

test("shaka plays it in a browser, with pictures that advance", async () => {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("no Chromium: set CHROMIUM_PATH");
  // Another origin than the playlist's, as a portal is.
  const pages = createServer((_request, response) =>
    response.setHeader("content-type", "text/html").end("<video muted></video>"),
  );
  pages.listen(0, "127.0.0.1");
  await once(pages, "listening");
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`);
    await page.addScriptTag({
      path: createRequire(import.meta.url).resolve("shaka-player/dist/shaka-player.compiled.js"),
    });
    const fault = await page.evaluate(async (url) => {
      const { shaka } = window as unknown as { shaka: { Player: new () => ShakaPlayer } };
      const video = document.querySelector("video");
      const player = new shaka.Player();
      if (!video) return "no video";
      await player.attach(video);
      player.configure("streaming.lowLatencyMode", true);
      return player.load(url).then(
        () => video.play().then(() => null),
        (error: { code: number }) => `shaka error ${error.code}`,
      );
    }, playlistUrl("fps25_gop1"));
    expect(fault).toBeNull();
    await untilFramesAdvance(page, { count: 40, timeoutMs: 30_000 });
  } finally {
    await browser.close();
    pages.close();
    pages.closeAllConnections();
  }
}, 60_000);

test("media complained of nothing but what was done to it", () => {
  expect(media.complaints.filter((line) => !line.includes("connection"))).toEqual([]);
});
