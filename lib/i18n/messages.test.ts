import { createTranslator } from "use-intl/core";
import { describe, expect, it } from "vitest";
import { formCodes } from "@/lib/app-error";
import { endReasonSchema } from "@/lib/media-contract/reasons";
import en from "./messages/en.json";
import ko from "./messages/ko.json";

type Tree = { [key: string]: string | Tree };

/** Every message by its dotted path. */
function flatten(tree: Tree, prefix = ""): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === "string" ? [[prefix + key, value] as const] : [...flatten(value, `${prefix}${key}.`)],
    ),
  );
}

/** `{name}` and `{count, plural, …}` give `name` and `count`; `<b>` gives `<b>`. */
function placeholders(message: string): string[] {
  const names = [...message.matchAll(/\{(\w+)\s*[,}]|(<\w+>)/g)].map(([, name, tag]) => name ?? tag ?? "");
  return [...new Set(names.filter((name) => !/^(one|other)$/.test(name)))].sort();
}

const english = flatten(en);
const korean = flatten(ko);

describe("messages", () => {
  it("has the same keys in both languages", () => {
    expect([...korean.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it("has no empty message, and no English left in Korean", () => {
    for (const [key, message] of english) expect(message.trim(), key).not.toBe("");
    for (const [key, message] of korean) expect(message, key).toMatch(key === "site.name" ? /./ : /[가-힣]/);
  });

  it.each([...english])("%s takes the same values in both languages", (key, message) => {
    const [one, other] = [placeholders(message), placeholders(korean.get(key) ?? "")];
    expect(other).toEqual(one);
  });

  it("says every fault of a form and every reason of an end", () => {
    for (const messages of [en, ko]) {
      expect(Object.keys(messages.errors).sort()).toEqual([...formCodes].sort());
      expect(Object.keys(messages.endReason).sort()).toEqual([...endReasonSchema.options].sort());
    }
  });

  it("counts in both languages", () => {
    const count = (locale: "en" | "ko", value: number) =>
      createTranslator({ locale, messages: locale === "en" ? en : ko, namespace: "live" })("viewers", { count: value });
    expect([count("en", 1), count("en", 1200), count("ko", 1200)]).toEqual([
      "1 viewer",
      "1,200 viewers",
      "시청자 1,200명",
    ]);
  });
});
