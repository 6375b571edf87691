import { describe, it } from "vitest";
import { noteFuzz } from "@/tests/support/security-figures";
import { fuzzTargets } from "./fuzz-targets";
import { runTarget } from "./run-target";

/** Of all readers together. */
const SECONDS = 12;

describe("whatever bytes come, a reader answers or throws its own error, within its memory and time", () => {
  // The same inputs in every run, as many as there is time for; other ones are what `npm run fuzz` looks for.
  const seed = 1;
  it.each(fuzzTargets)("$name", (target) => {
    noteFuzz(target.name, runTarget(target, (SECONDS * 1000) / fuzzTargets.length, seed));
  });
});
