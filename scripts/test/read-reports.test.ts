import { describe, expect, it } from "vitest";
import { countsOf, sentenceOf, sumOf } from "./part-result";
import { countsOfPlaywright, countsOfVitest } from "./read-reports";

const passedFile = { status: "passed", assertionResults: [{ status: "passed" }] };
const vitest = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, testResults: [passedFile] };

describe("sums of npm test", () => {
  it("takes vitest's own", () => {
    expect(countsOfVitest(vitest)).toEqual({ passed: 5, failed: 0, skipped: 2 });
  });

  it("counts a test file that does not load", () => {
    const broken = { status: "failed", assertionResults: [] };
    expect(countsOfVitest({ ...vitest, testResults: [passedFile, broken] }).failed).toBe(1);
  });

  it("counts a failed test once, not its file as well", () => {
    const file = { status: "failed", assertionResults: [{ status: "failed" }, { status: "passed" }] };
    expect(countsOfVitest({ ...vitest, numFailedTests: 1, testResults: [file] }).failed).toBe(1);
  });

  it("takes Playwright's own; an error outside the tests and a flaky test are failures", () => {
    const stats = { expected: 7, unexpected: 2, flaky: 1, skipped: 3 };
    expect(countsOfPlaywright({ stats, errors: [{ message: "set-up" }] })).toEqual({
      passed: 7,
      failed: 4,
      skipped: 3,
    });
  });

  it("counts a runner that crashed", () => {
    expect(countsOf(null, 0).failed).toBe(1);
    expect(countsOf({ passed: 9, failed: 0, skipped: 0 }, 137)).toEqual({ passed: 9, failed: 1, skipped: 0 });
  });

  it("refuses a report of another form rather than reading nothing out of it", () => {
    expect(() => countsOfVitest({})).toThrow();
    expect(() => countsOfPlaywright({ stats: {} })).toThrow();
  });

  it("ends with one plain sentence", () => {
    const sum = sumOf([countsOfVitest(vitest), { passed: 1, failed: 2, skipped: 0 }]);
    expect(sentenceOf(sum)).toBe("6 passed, 2 failed, 2 skipped");
    expect(sentenceOf({ passed: 6, failed: 0, skipped: 0 })).toBe("6 passed, 0 failed");
  });
});
