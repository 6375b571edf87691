import { describe, expect, it } from "vitest";
import type { BenchResult } from "./bench-result";
import { markdownTable, terminalTable } from "./result-table";

const result: BenchResult = {
  bench: "join",
  figures: [
    { figure: "click to first frame, median", unit: "ms", aim: 700, reached: 900, reference: 1800 },
    { figure: "memory", unit: "MB", aim: null, aimTimesReference: 1.5, reached: 14, reference: 10 },
    { figure: "stalls", unit: "", aim: 0, reached: 0, reference: null },
  ],
  remarks: ["the machine was busy"],
  detail: {},
};

describe("table of results", () => {
  it("marks an aim that was missed, and none that was reached", () => {
    const lines = terminalTable(result).split("\n");
    expect(lines.find((line) => line.startsWith("click"))).toMatch(/≤ 700 ms +900 ms \(missed\) +1800 ms +0\.50/);
    expect(lines.find((line) => line.startsWith("memory"))).toMatch(/≤ 1\.5 × reference +14 MB +10 MB +1\.4/);
    expect(lines.find((line) => line.startsWith("stalls"))).toMatch(/≤ 0 +0 +– +–/);
  });

  it("keeps the remarks with the figures", () => {
    expect(terminalTable(result)).toContain("the machine was busy");
    expect(markdownTable([result])).toContain("- `join`: the machine was busy");
  });

  it("writes one Markdown row a figure", () => {
    expect(
      markdownTable([result])
        .split("\n")
        .filter((line) => line.startsWith("| join |")),
    ).toHaveLength(3);
  });
});
