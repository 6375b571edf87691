import { describe, expect, it } from "vitest";
import { negotiateLanguage } from "./languages";

describe("negotiateLanguage", () => {
  it.each([
    ["ko-KR,ko;q=0.9,en;q=0.8", "ko"],
    ["en-GB,en;q=0.9,ko;q=0.8", "en"],
    ["fr-FR,fr;q=0.9,ko;q=0.5,en;q=0.1", "ko"],
    ["en;q=0.2, ko;q=0.7", "ko"],
    ["ko;q=0, en;q=0.1", "en"],
    ["fr, de", "en"],
    ["*", "en"],
    [";;q=,=", "en"],
    [null, "en"],
  ])("%s is answered in %s", (header, language) => {
    expect(negotiateLanguage(header)).toBe(language);
  });
});
