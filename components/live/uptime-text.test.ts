import { expect, it } from "vitest";
import { uptimeText } from "./uptime-text";

it.each([
  [0, "0:00"],
  [7_999, "0:07"],
  [754_000, "12:34"],
  [3_723_000, "1:02:03"],
  [97_200_000, "27:00:00"],
  [-5_000, "0:00"],
])("%i ms on the air reads %s", (elapsedMs, text) => {
  expect(uptimeText(elapsedMs)).toBe(text);
});
