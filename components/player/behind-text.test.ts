import { describe, expect, it } from "vitest";
import { behindClock } from "./behind-text";

describe("behindClock", () => {
  it.each([
    [0, "−0:00"],
    [9.6, "−0:10"],
    [59.7, "−1:00"],
    [65, "−1:05"],
    [599.4, "−9:59"],
    [-3, "−0:00"],
  ])("%s s behind is %s", (seconds, text) => {
    expect(behindClock(seconds)).toBe(text);
  });
});
