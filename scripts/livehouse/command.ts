import type { ParseArgsConfig } from "node:util";

/** What a command answers: JSON as it is with `--json`, otherwise a table or a list of names and values. */
export type Answer = object | object[];

/** The words of one call, read: positionals by the names in `usage`, options by their own. */
export type Words = Record<string, string | undefined>;

export type Command = {
  /** `NOUN VERB`. */
  name: string;
  /** Names of the required positionals, in order. */
  positionals: string[];
  options: NonNullable<ParseArgsConfig["options"]>;
  /** Options that must be given. */
  required: string[];
  /** The options as `--help` shows them. */
  usage: string;
  summary: string;
  run: (words: Words) => Promise<Answer>;
};

/** The call is not one we know: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The call was understood and could not be done: one sentence, exit code 1. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** A positional or required option; `read-words.ts` has made sure that it is there. */
export function word(words: Words, name: string): string {
  const value = words[name];
  if (value === undefined) throw new UsageError(`${name} is missing.`);
  return value;
}
