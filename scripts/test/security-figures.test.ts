import { describe, expect, it } from "vitest";
import { securityTable } from "./security-figures";

describe("the table of what was tried", () => {
  it("counts attacks by side, inputs by reader, and tells what a fault has lost", () => {
    const table = securityTable([
      { kind: "attack", side: "RTMP", name: "no tcUrl", tries: 2 },
      { kind: "attack", side: "RTMP", name: "no app", tries: 1 },
      { kind: "fuzz", reader: "AMF0", executions: 1000 },
      { kind: "fuzz", reader: "AMF0", executions: 500 },
      { kind: "fault", name: "media killed", lostRows: 0 },
      { kind: "fault", name: "a bad disk", lostRows: 3 },
    ]);
    expect(table.split("\n").map((line) => line.replace(/ {2,}/g, " | "))).toEqual([
      "attacks by RTMP | 2 kinds, 3 tries, none got through",
      "fuzzed: AMF0 | 1500 inputs",
      "survived: media killed | lost rows: none",
      "survived: a bad disk | lost rows: 3",
      "",
    ]);
  });

  it("is empty when nothing was tried", () => {
    expect(securityTable([])).toBe("");
  });
});
