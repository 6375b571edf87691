import { describe, expect, test } from "vitest";
import { readMediaConfig } from "./config";

const SECRET = "a secret of this test alone";
const read = (settings: Record<string, string> = {}) =>
  readMediaConfig({ NODE_ENV: "test", MEDIA_SECRET: SECRET, ...settings });

describe("media's settings", () => {
  test("parts of 0.2 s, segments of 2 s and ten minutes to rewind are what is set without a word", () => {
    expect(read()).toMatchObject({ PART_TARGET_MS: 200, SEGMENT_SECONDS: 2, WINDOW_SECONDS: 600 });
    expect(read({ PART_TARGET_MS: "", WINDOW_SECONDS: "" })).toMatchObject({
      PART_TARGET_MS: 200,
      WINDOW_SECONDS: 600,
    });
    expect(read({ PART_TARGET_MS: "333", WINDOW_MEGABYTES: "64" })).toMatchObject({
      PART_TARGET_MS: 333,
      WINDOW_MEGABYTES: 64,
    });
  });

  test.each([
    ["PART_TARGET_MS", "50"],
    ["PART_TARGET_MS", "1001"],
    ["PART_TARGET_MS", "200.5"],
    ["PART_TARGET_MS", "fast"],
    ["SEGMENT_SECONDS", "0"],
    ["SEGMENT_SECONDS", "11"],
    ["WINDOW_SECONDS", "5"],
    ["WINDOW_MEGABYTES", "-1"],
    ["MEDIA_PORT", "70000"],
    ["RTMPS_PORT", "1936"],
  ])("%s=%s is refused by its name, and no secret is said", (name, value) => {
    expect(() => read({ [name]: value })).toThrow(name);
    expect(() => read({ [name]: value, MEDIA_SECRET: "short" })).toThrow(/MEDIA_SECRET/);
    expect(() => read({ [name]: value })).not.toThrow(SECRET);
  });
});
