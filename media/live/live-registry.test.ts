import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import type { LiveSessionReport, OnUpdateAnswer } from "@/lib/media-contract/publish-calls";
import { avcRecord } from "@/tests/support/bit-writer";
import { recordedConfig } from "@/tests/support/decoder-configs";
import { FakePublisher, recording } from "@/tests/support/fake-publisher";
import { amf0 } from "@/tests/support/rtmp-bytes";
import { until } from "@/tests/support/until";
import type { RtmpMessage } from "../ingest/publisher";
import { OriginRegistry } from "../origin/origin-registry";
import type { UpdateOutcome } from "../publish/portal-client";
import { CLOCK_RATE } from "../timeline/access-unit";
import { LiveRegistry } from "./live-registry";
import type { LiveSessionSettings } from "./live-session";

const root = mkdtempSync(join(tmpdir(), "live-"));
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closing.splice(0)) await close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const ID = "00000000-0000-4000-8000-000000000001";
const OTHER_ID = "00000000-0000-4000-8000-000000000002";

type Answering = (sessions: LiveSessionReport[]) => UpdateOutcome | Promise<UpdateOutcome>;

/** Media's live sessions with a portal that notes what it is told. */
function setUp(more: Partial<LiveSessionSettings> = {}, answering?: Answering) {
  const origin = new OriginRegistry();
  const ends: string[] = [];
  const updates: LiveSessionReport[][] = [];
  const goOn: Answering = (sessions) => {
    const answer: OnUpdateAnswer = {
      sessions: sessions.map(({ liveSessionId }) => ({ kind: "continue", liveSessionId, leaseSeconds: 60 })),
    };
    return { kind: "answered", answer };
  };
  const portal = {
    async update(sessions: LiveSessionReport[]) {
      updates.push(sessions);
      return (answering ?? goOn)(sessions);
    },
    reportEnd: ({
      liveSessionId,
      publishNumber,
      reason,
    }: {
      liveSessionId: string;
      publishNumber: number;
      reason: string;
    }) => {
      ends.push(`${liveSessionId.slice(-1)}.${publishNumber} ${reason}`);
    },
  };
  const settings = {
    partTargetSeconds: 0.2,
    targetDurationSeconds: 2,
    limitSeconds: 600,
    limitBytes: 1e9,
    memorySeconds: 14,
    folder: root,
    reconnectMs: 10_000,
    lingerMs: 60_000,
    revokedLingerMs: 60_000,
    ...more,
  };
  const registry = new LiveRegistry({ portal, origin, settings, log: pino({ level: "silent" }) });
  closing.push(() => registry.close());
  const accept = (
    publisher: FakePublisher,
    publishNumber = 1,
    { liveSessionId = ID, handle = "ann", leaseSeconds = 60, headers = [] as RtmpMessage[] } = {},
  ) => {
    registry.accept(publisher, { kind: "accepted", liveSessionId, publishNumber, handle, leaseSeconds }, headers);
    return publisher;
  };
  const playlistUrl = () =>
    /\n([a-z0-9]+)\/media\.m3u8/.exec(origin.multivariant("ann")?.plain.toString() ?? "")?.[1] ?? null;
  const playlist = (id = playlistUrl()) =>
    id ? (origin.playback("ann", id)?.window.playlist(false).plain.toString() ?? null) : null;
  const stateOf = () => registry.reports()[0]?.state ?? null;
  return { registry, origin, ends, updates, accept, playlist, playlistUrl, stateOf };
}

const headers = recording.filter(({ type, payload }) => type !== "data" && payload[1] === 0);
const frames = recording.filter(({ type, payload }) => type !== "data" && payload[1] === 1);
const shifted = (messages: RtmpMessage[], shiftMs: number): RtmpMessage[] =>
  messages.map((message) => ({ ...message, timestampMs: message.timestampMs + shiftMs }));
const avcHeader = (name: string): RtmpMessage => ({
  type: "video",
  timestampMs: 0,
  payload: Buffer.concat([Buffer.from([0x17, 0, 0, 0, 0]), recordedConfig(name)]),
});
const aacHeader = (config: string): RtmpMessage => ({
  type: "audio",
  timestampMs: 0,
  payload: Buffer.from(`af00${config}`, "hex"),
});
/** onMetaData that announces no sound. */
const pictureOnly: RtmpMessage = { type: "data", timestampMs: 0, payload: amf0("onMetaData", { videocodecid: 7 }) };
const pictureHeader = (widthInMbs: number, heightInMbs: number): RtmpMessage => ({
  type: "video",
  timestampMs: 0,
  payload: Buffer.concat([Buffer.from([0x17, 0, 0, 0, 0]), avcRecord({ widthInMbs, heightInMbs })]),
});
const lastMsn = (text: string | null): number =>
  Math.max(0, ...[...(text ?? "").matchAll(/p(\d+)\.\d+\.m4s/g)].map(([, msn]) => Number(msn)));

describe("a broadcast", () => {
  test("is pending until its first part, then live, and its playlist is found under its handle", async () => {
    const { accept, stateOf, playlist, updates, registry } = setUp();
    const publisher = accept(new FakePublisher());
    expect(publisher.state).toBe("accepted");
    expect(stateOf()).toBe("pending");
    expect(playlist()).toBeNull();
    publisher.send(...recording);
    expect(stateOf()).toBe("live");
    expect(playlist()).toContain("#EXT-X-PART:");
    await until("the portal hears of it", () => updates.at(-1)?.[0]?.state === "live", { everyMs: 2 });
    expect(registry.reports()[0]).toMatchObject({
      handle: "ann",
      video: { width: 320, height: 180 },
      audio: { codec: "mp4a.40.2", sampleRate: 48000 },
    });
  });

  test("the sequence headers that came before the verdict count", () => {
    const { accept, playlist } = setUp();
    accept(new FakePublisher(), 1, { headers }).send(...frames);
    expect(playlist()).toContain('#EXT-X-MAP:URI="init-0.mp4"');
  });

  test("ends at once when the streamer stops", () => {
    const { accept, ends, playlist, playlistUrl, registry } = setUp();
    const publisher = accept(new FakePublisher());
    publisher.send(...recording);
    const url = playlistUrl();
    publisher.leave("stopped");
    expect(ends).toEqual(["1.1 encoder-stopped"]);
    expect(playlistUrl()).toBeNull();
    expect(playlist(url)).toContain("#EXT-X-ENDLIST");
    expect(playlist(url)).not.toContain("PRELOAD-HINT");
    expect(registry.reports()).toEqual([]);
  });

  test("waits for a lost encoder, and ends when it does not return", async () => {
    const { accept, ends, stateOf, playlistUrl } = setUp({ reconnectMs: 50 });
    const publisher = accept(new FakePublisher());
    publisher.send(...recording);
    publisher.leave("lost");
    expect(stateOf()).toBe("reconnecting");
    expect(playlistUrl()).not.toBeNull();
    await until("it has ended", () => ends.length > 0, { everyMs: 5 });
    expect(ends).toEqual(["1.1 encoder-lost"]);
    expect(playlistUrl()).toBeNull();
  });

  test("continues its playlist behind a discontinuity when the encoder is back, under the same address and MAP", () => {
    const { accept, playlist, playlistUrl, stateOf, ends } = setUp();
    const first = accept(new FakePublisher());
    first.send(...recording);
    const [url, before] = [playlistUrl(), playlist()];
    first.leave("lost");
    const second = accept(new FakePublisher(), 2);
    second.send(...recording);
    expect(playlistUrl()).toBe(url);
    expect(stateOf()).toBe("live");
    const text = playlist() ?? "";
    expect(lastMsn(text)).toBeGreaterThan(lastMsn(before));
    expect(text.match(/#EXT-X-DISCONTINUITY\n/g)?.length).toBe(1);
    expect(text.match(/#EXT-X-MAP/g)?.length).toBe(1);
    expect(ends).toEqual([]);
  });

  test("a newer connection takes over, and the older one's frames go nowhere any more", () => {
    const { accept, playlist, ends } = setUp();
    const first = accept(new FakePublisher("one"));
    first.send(...recording);
    const second = accept(new FakePublisher("two"), 2);
    expect(first.state).toMatch(/^disconnected taken over/);
    const before = playlist();
    first.send(...shifted(frames, 4000));
    expect(playlist()).toBe(before);
    second.send(...recording);
    expect(playlist()).toContain("#EXT-X-DISCONTINUITY\n");
    expect(ends).toEqual([]);
  });

  test("an older connection whose verdict comes late does not take over", () => {
    const { accept, stateOf } = setUp();
    const newer = accept(new FakePublisher("newer"), 2);
    newer.send(...recording);
    const older = accept(new FakePublisher("older"), 1);
    expect(older.state).toMatch(/^disconnected/);
    expect(newer.state).toBe("accepted");
    expect(stateOf()).toBe("live");
  });

  test("another picture on return brings another MAP", () => {
    const { accept, playlist, registry } = setUp();
    const first = accept(new FakePublisher());
    first.send(...recording);
    first.leave("lost");
    const audioHeader = headers.filter(({ type }) => type === "audio");
    accept(new FakePublisher(), 2, {
      headers: [avcHeader("h264 high 1920x1080, cropped from 1088"), ...audioHeader],
    }).send(...frames);
    expect(playlist()).toMatch(/#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-1.mp4"/);
    expect(registry.reports()[0]?.video).toMatchObject({ width: 1920, height: 1080 });
  });
});

/** When a part's picture is to be decoded: the first `tfdt` (ISO/IEC 14496-12 8.8.12), version 1. */
const decodeTime = (part: Buffer): number => Number(part.readBigUInt64BE(part.indexOf("tfdt") + 8));

describe("a machine's clock that is set while an encoder is away", () => {
  test.each([
    ["forward", 3_600_000],
    ["back", -3_600_000],
  ])("an hour %s opens no gap in what is played, and dates follow the new clock", (_, stepMs) => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 10, 27, 12) });
    const { accept, playlist, playlistUrl, origin } = setUp();
    const first = accept(new FakePublisher());
    for (const message of recording) first.send(message);
    first.leave("lost");
    const window = origin.playback("ann", playlistUrl() ?? "")?.window;
    const before = window?.edge.msn ?? 0;
    vi.setSystemTime(Date.now() + stepMs);
    const second = accept(new FakePublisher(), 2);
    for (const message of recording) second.send(message);
    const times = [before - 1, before].map((msn) => decodeTime(window?.part(msn, 0) ?? Buffer.alloc(64)));
    const gapSeconds = ((times[1] ?? 0) - (times[0] ?? 0)) / CLOCK_RATE;
    expect(gapSeconds).toBeGreaterThan(0);
    expect(gapSeconds).toBeLessThan(60);
    const dates = [...(playlist() ?? "").matchAll(/PROGRAM-DATE-TIME:(\S+)/g)].map(([, date]) =>
      Date.parse(date ?? ""),
    );
    const movedMs = (dates.at(-1) ?? 0) - (dates[0] ?? 0);
    expect(Math.abs(movedMs - stepMs)).toBeLessThan(60_000);
  });
});

describe("what changes while it runs", () => {
  const runs = (more: RtmpMessage[], shiftMs: number) => {
    const all = setUp();
    const publisher = all.accept(new FakePublisher());
    for (let i = 0; i < 8; i++) publisher.send(...(i === 0 ? recording : shifted(frames, i * 4000)));
    publisher.send(...more, ...shifted(frames, shiftMs));
    return all;
  };

  test("another resolution in mid-stream goes on behind a discontinuity with another MAP", () => {
    const { playlist, ends } = runs([avcHeader("h264 main 1280x720 at 59.94")], 32_000);
    expect(ends).toEqual([]);
    expect(playlist()).toMatch(/#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-1.mp4"/);
  });

  test("sound that comes between a new picture's header and its first key frame ends nothing", () => {
    const early = shifted(frames.filter(({ type }) => type === "audio").slice(0, 3), 32_000);
    const { playlist, ends } = runs([avcHeader("h264 main 1280x720 at 59.94"), ...early], 32_100);
    expect(ends).toEqual([]);
    expect(playlist()).toMatch(/#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-1.mp4"/);
  });

  test("another sound in mid-stream does the same, at the next key frame", () => {
    const { playlist, ends, registry } = runs([aacHeader("1210")], 32_000);
    expect(ends).toEqual([]);
    expect(playlist()).toMatch(/#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-1.mp4"/);
    expect(registry.reports()[0]?.audio?.sampleRate).toBe(44100);
  });

  test("the same headers again change nothing", () => {
    const { playlist } = runs(headers, 32_000);
    expect(playlist()).not.toContain("DISCONTINUITY");
    expect(playlist()?.match(/#EXT-X-MAP/g)?.length).toBe(1);
  });

  test("sound that comes seconds late joins at a key frame, and no picture is lost", () => {
    const { accept, playlist, registry } = setUp();
    const publisher = accept(new FakePublisher());
    const pictures = recording.filter(({ type }) => type === "video");
    vi.useFakeTimers({ toFake: ["Date", "performance"] });
    const sound = headers.filter(({ type }) => type === "audio");
    for (const message of [...pictures, ...shifted(pictures.slice(1), 4000), ...sound, ...shifted(frames, 8000)]) {
      vi.advanceTimersByTime(10);
      publisher.send(message);
    }
    expect(registry.reports()[0]?.audio).not.toBeNull();
    const text = playlist() ?? "";
    expect(text.match(/#EXT-X-DISCONTINUITY\n/g)?.length).toBe(1);
    const seconds = [...text.matchAll(/#EXTINF:([\d.]+)/g)].reduce((sum, [, each]) => sum + Number(each), 0);
    expect(seconds).toBeGreaterThan(9.5);
  });

  test("sound whose header comes at once and whose frames come seconds late does not hold up the picture", () => {
    const { accept, playlist, registry } = setUp();
    const publisher = accept(new FakePublisher(), 1, { headers });
    const pictures = frames.filter(({ type }) => type === "video");
    vi.useFakeTimers({ toFake: ["Date", "performance"] });
    const send = (messages: RtmpMessage[]) => {
      for (const message of messages) {
        vi.advanceTimersByTime(16);
        publisher.send(message);
      }
    };
    send([...pictures, ...shifted(pictures, 4000)]);
    // A Media Source plays nothing of an initialization section with a track that has no samples.
    expect(registry.reports()[0]).toMatchObject({ state: "live", audio: null });
    const before = lastMsn(playlist());
    send(shifted(frames, 8000));
    expect(registry.reports()[0]?.audio).not.toBeNull();
    expect(playlist()?.match(/#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-1.mp4"/g)?.length).toBe(1);
    expect(lastMsn(playlist())).toBeGreaterThan(before);
  });

  test("a configuration that changes all the time ends the broadcast", () => {
    const { accept, ends } = setUp();
    const publisher = accept(new FakePublisher());
    publisher.send(...recording);
    const names = ["h264 baseline 640x360", "h264 high10"];
    for (let i = 0; i < 200 && ends.length === 0; i++) publisher.send(avcHeader(names[i % 2] ?? ""));
    expect(ends).toEqual(["1.1 invalid-media"]);
  });
});

describe("what can't be broadcast ends with its reason", () => {
  const rows: [string, RtmpMessage[], string][] = [
    ["VP9", [{ type: "video", timestampMs: 0, payload: Buffer.from("\x90vp09abcd", "latin1") }], "unsupported-codec"],
    ["MP3", [{ type: "audio", timestampMs: 0, payload: Buffer.from("2fff", "hex") }], "unsupported-codec"],
    [
      "a malformed sequence header",
      [{ type: "video", timestampMs: 0, payload: Buffer.from("17000000000142", "hex") }],
      "invalid-media",
    ],
    ["a picture larger than 8K", [pictureHeader(513, 100)], "picture-too-large"],
    [
      "400 frames a second",
      [
        ...headers,
        ...Array.from({ length: 4000 }, (_, i) => {
          const payload = Buffer.from(i % 400 === 0 ? "170100000001" : "270100000001", "hex");
          return { type: "video", timestampMs: Math.round(i * 2.5), payload } as const;
        }),
      ],
      "frame-rate-too-high",
    ],
    [
      "frames without a sequence header",
      Array.from(
        { length: 500 },
        (_, i) => ({ type: "video", timestampMs: i * 33, payload: Buffer.from("270100000001", "hex") }) as const,
      ),
      "invalid-media",
    ],
    [
      "no key frame for 20 seconds",
      [
        ...recording,
        ...Array.from(
          { length: 600 },
          (_, i) =>
            ({ type: "video", timestampMs: 4000 + i * 40, payload: Buffer.from("270100000001", "hex") }) as const,
        ),
      ],
      "no-key-frames",
    ],
    [
      "no key frame at all",
      [
        ...headers,
        ...Array.from(
          { length: 600 },
          (_, i) => ({ type: "video", timestampMs: i * 40, payload: Buffer.from("270100000001", "hex") }) as const,
        ),
      ],
      "no-key-frames",
    ],
  ];
  test.each(rows)("%s", (_name, messages, reason) => {
    const { accept, ends } = setUp();
    const publisher = accept(new FakePublisher());
    publisher.send(...messages);
    expect(ends).toEqual([`1.1 ${reason}`]);
    expect(publisher.state).toBe(`disconnected ${reason}`);
  });

  test("a clock that stands still does not fill the memory", () => {
    const { accept, ends } = setUp();
    const publisher = accept(new FakePublisher());
    publisher.send(...recording);
    const frame = {
      type: "video",
      timestampMs: 4000,
      payload: Buffer.concat([Buffer.from("2701000000", "hex"), Buffer.alloc(1_000_000)]),
    } as const;
    let sent = 0;
    for (; sent < 100 && ends.length === 0; sent++) publisher.send(frame);
    expect(ends).toEqual(["1.1 invalid-media"]);
    expect(sent).toBeLessThan(20);
  });
});

describe("permission", () => {
  test("a disconnect ends it at once: publisher cut, playlist ended", () => {
    const { accept, registry, ends, playlist, playlistUrl } = setUp();
    const publisher = accept(new FakePublisher());
    publisher.send(...recording);
    const url = playlistUrl();
    expect(registry.disconnect(ID, "key-revoked")).toBe("disconnected");
    expect(publisher.state).toBe("disconnected key-revoked");
    expect(ends).toEqual(["1.1 key-revoked"]);
    expect(playlist(url)).toContain("#EXT-X-ENDLIST");
    expect(registry.disconnect(ID, "key-revoked")).toBe("not-here");
  });

  test("a disconnect that overtakes the verdict refuses the publisher, whose frames never reach a window", () => {
    const { accept, registry, ends, playlistUrl } = setUp();
    expect(registry.disconnect(ID, "owner-banned")).toBe("not-here");
    const publisher = accept(new FakePublisher());
    expect(publisher.state).toBe("rejected banned-owner");
    publisher.send(...recording);
    expect(playlistUrl()).toBeNull();
    expect(ends).toEqual(["1.1 owner-banned"]);
    expect(accept(new FakePublisher(), 1, { liveSessionId: OTHER_ID, handle: "bob" }).state).toBe("accepted");
  });

  test("the portal's word to end ends it", async () => {
    const { accept, registry, ends } = setUp({}, () => ({
      kind: "answered",
      answer: { sessions: [{ kind: "end", liveSessionId: ID, reason: "owner-banned" }] },
    }));
    accept(new FakePublisher()).send(...recording);
    registry.start();
    await until("it has ended", () => ends.length > 0, { everyMs: 2 });
    expect(ends).toEqual(["1.1 owner-banned"]);
  });

  test("a lease that nobody renews ends it, even where asking fails in unforeseen ways", async () => {
    let calls = 0;
    const { accept, ends } = setUp({}, () => {
      if (calls++ % 2) throw new Error("unforeseen");
      return { kind: "unreachable", detail: "gone" };
    });
    const publisher = accept(new FakePublisher(), 1, { leaseSeconds: 1 });
    publisher.send(...recording);
    await until("it has ended", () => ends.length > 0, { everyMs: 10, timeoutMs: 15_000 });
    expect(ends).toEqual(["1.1 lease-expired"]);
    expect(publisher.state).toBe("disconnected lease-expired");
  });

  test("a channel's older session gives way to a new one", () => {
    const { accept, ends, playlistUrl } = setUp();
    accept(new FakePublisher()).send(...recording);
    const url = playlistUrl();
    accept(new FakePublisher(), 1, { liveSessionId: OTHER_ID }).send(...recording);
    expect(ends).toEqual(["1.1 encoder-lost"]);
    expect(playlistUrl()).not.toBe(url);
  });
});

test("a stream at 6 Mbit/s keeps less than 40 MB in memory", async () => {
  const { accept, registry, origin, playlistUrl } = setUp();
  const publisher = accept(new FakePublisher());
  publisher.send(avcHeader("h264 baseline 640x360"), pictureOnly);
  const size = 25_000; // 30 frames of it a second are 6 Mbit/s
  for (let frame = 0; frame < 30 * 90; frame++) {
    const payload = Buffer.alloc(size, frame);
    payload.set([frame % 60 === 0 ? 0x17 : 0x27, 1, 0, 0, 0]);
    publisher.send({ type: "video", timestampMs: Math.round((frame * 1000) / 30), payload });
    const window = origin.playback("ann", playlistUrl() ?? "")?.window;
    const last = (window?.edge.msn ?? 0) - 1;
    if (frame % 60 === 0 && last > 0) await until("it is on disk", () => window?.isStored(last), { everyMs: 1 });
  }
  const window = origin.playback("ann", playlistUrl() ?? "")?.window;
  expect(registry.windowBytes).toBeGreaterThan(60e6);
  expect(window?.memoryBytes).toBeLessThan(40e6);
});
