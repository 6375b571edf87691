import { expect, it } from "vitest";
import { audioText, videoText } from "./codec-text";

it("says a picture in size, rate and codec, and leaves out an unknown rate", () => {
  expect(videoText({ codec: "avc1.64002a", width: 1920, height: 1080, frameRate: 59.9401 })).toBe(
    "1920×1080, 59.94 fps, avc1.64002a",
  );
  expect(videoText({ codec: "avc1.64002a", width: 640, height: 360, frameRate: 0 })).toBe("640×360, avc1.64002a");
  expect(videoText(null)).toBe("–");
});

it("says sound in rate, channels and codec", () => {
  expect(audioText({ codec: "mp4a.40.2", sampleRate: 44_100, channels: 2 })).toBe("44.1 kHz, 2 ch, mp4a.40.2");
  expect(audioText(null)).toBe("–");
});
