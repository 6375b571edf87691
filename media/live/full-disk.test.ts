import { describe, expect, it } from "vitest";
import { FfmpegEncoder } from "@/tests/support/ffmpeg-encoder";
import { MediaProcess } from "@/tests/support/media-process";
import { PartWatch } from "@/tests/support/part-watch";
import { SmallDisk } from "@/tests/support/small-disk";
import { until } from "@/tests/support/until";

const message = "the rewind window cannot be written to disk";

describe("a disk that is full to the last byte", () => {
  it("ends the rewind window with one clear line, and the broadcast goes on part by part; so does one that begins now", async (test) => {
    const disk = await SmallDisk.mount(4);
    if (!disk) return test.skip("no small disk can be mounted here: that needs Linux and root");
    const media = await MediaProcess.start({ DATA_DIR: disk.path });
    const encoders: FfmpegEncoder[] = [];
    const publish = (handle: string) => {
      encoders.push(new FfmpegEncoder({ rtmpUrl: media.rtmpUrl, streamKey: `live_${handle}` }));
      return until(`${handle} is live`, async () => (await fetch(`${media.originUrl}/live/${handle}/index.m3u8`)).ok, {
        timeoutMs: 20_000,
      });
    };
    try {
      await publish("elena");
      const parts = await PartWatch.open(media.originUrl, "elena");
      await disk.fill();
      const said = () => media.complaints.filter((line) => line.includes(message));
      await until("it is said", () => said().length > 0, { timeoutMs: 20_000 });
      await parts.more(30);
      expect(said()).toHaveLength(1);
      expect(said()[0]).toContain("ENOSPC");
      await publish("frida");
      const later = await PartWatch.open(media.originUrl, "frida");
      await until("it is said of both", () => said().length === 2, { timeoutMs: 20_000 });
      await later.more(20);
      await Promise.all([parts.stop(), later.stop()]);
      expect(parts.longestPauseMs).toBeLessThan(10_000);
      expect(encoders.every(({ isRunning }) => isRunning)).toBe(true);
    } finally {
      await Promise.all(encoders.map((encoder) => encoder.crash()));
      await media.stop();
      await disk.unmount();
    }
  }, 120_000);
});
