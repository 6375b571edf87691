import { describe, expect, it } from "vitest";
import { FfmpegEncoder } from "@/tests/support/ffmpeg-encoder";
import { MediaProcess } from "@/tests/support/media-process";
import { until } from "@/tests/support/until";
import { WallClock } from "@/tests/support/wall-clock";

describe("clocks of portal and media that differ by an hour", () => {
  it("let nobody new in and end what is live with its lease, and the log says by how much", async (test) => {
    const clock = await WallClock.open();
    if (!clock) return test.skip("libfaketime is missing: apt-get install faketime");
    const media = await MediaProcess.start(clock.environment);
    const encoders: FfmpegEncoder[] = [];
    const publish = (streamKey: string) => {
      const encoder = new FfmpegEncoder({ rtmpUrl: media.rtmpUrl, streamKey });
      encoders.push(encoder);
      return encoder;
    };
    const isPlayable = async () => (await fetch(`${media.originUrl}/live/clara/index.m3u8`)).ok;
    try {
      media.portal.leaseSeconds = 8;
      publish("live_clara");
      await until("clara is live", isPlayable, { timeoutMs: 20_000 });
      clock.set(3600);
      const refused = publish("live_doris");
      await refused.endedWithin(20_000);
      expect(refused.log).toContain("cannot check stream keys right now");
      await until("clara's lease is over", async () => !(await isPlayable()), { timeoutMs: 60_000 });
      expect(media.complaints.join("\n")).toMatch(/the clocks of portal and media differ by 3(599|600|601) s/);

      clock.set(0);
      await until("the end is told", () => media.portal.ends.includes("clara lease-expired"), { timeoutMs: 30_000 });
      publish("live_clara");
      await until("clara is live again", isPlayable, { timeoutMs: 20_000 });
    } finally {
      await Promise.all(encoders.map((encoder) => encoder.crash()));
      await media.stop();
      await clock.remove();
    }
  }, 180_000);
});
