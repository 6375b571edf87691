import { randomInt } from "node:crypto";
import { describe, it } from "vitest";
import { noteFuzz } from "@/tests/support/security-figures";
import { fuzzTargets } from "./fuzz-targets";
import { runTarget } from "./run-target";

/** Of all readers together. */
const SECONDS = 12;

describe("whatever bytes come, a reader answers or throws its own error, within its memory and time", () => {
  // Other inputs in every run; the seed stands in the report of a failure, for `npm run fuzz -- --seed`.
  const seed = randomInt(2 ** 31);
  it.each(fuzzTargets)("$name", (target) => {
    noteFuzz(target.name, runTarget(target, (SECONDS * 1000) / fuzzTargets.length, seed));
  });
});
