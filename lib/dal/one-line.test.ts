import { expect, it } from "vitest";
import { noteAttack } from "@/tests/support/security-figures";
import { oneLine } from "./one-line";

const bidi = [
  "\u202a",
  "\u202b",
  "\u202c",
  "\u202d",
  "\u202e",
  "\u2066",
  "\u2067",
  "\u2068",
  "\u2069",
  "\u200e",
  "\u061c",
];
const zeroWidth = [
  "\u200b",
  "\u200c",
  "\u200d",
  "\u2060",
  "\ufeff",
  "\u00ad",
  "\u180e",
  "\u3164",
  "\u115f",
  "\u{e0041}",
];
const controls = ["\0", "\t", "\r\n", "\u001b", "\u0085", "\u2028", "\u2029"];

it("what turns the text around it, is unseen or breaks a line does not stay in a title or a name", () => {
  for (const unseen of [...bidi, ...zeroWidth, "\ud800"]) {
    expect(oneLine(`Ada${unseen}Live`), unseen.codePointAt(0)?.toString(16)).toBe("AdaLive");
  }
  for (const control of controls) expect(oneLine(`Ada${control}Live`)).toBe("Ada Live");
  expect(oneLine(` ${[...bidi, ...zeroWidth].join("")} `)).toBe("");
  noteAttack("web", "bidi, zero-width and control characters", bidi.length + zeroWidth.length + controls.length + 1);
});

it.each(["👩‍🚀 in space ❤️", "👨🏽‍🚒", "1️⃣ first", "می‌خواهم", "오늘 밤 방송", "café – “naïve”", "<b>bold</b>"])(
  "leaves %s as it is",
  (text) => expect(oneLine(text)).toBe(text),
);
