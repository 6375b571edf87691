import { type ParseArgsConfig, parseArgs } from "node:util";
import { type Command, UsageError, type Words } from "./command";

export type Call =
  | { kind: "help"; about: Command | null }
  | { kind: "run"; command: Command; words: Words; json: boolean };

const flags = { json: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;

/**
 * Reads the words after `livehouse`.
 *
 * @throws UsageError with what is wrong with them
 */
export function readCall(args: string[], commands: Command[]): Call {
  const [noun, verb] = args.filter((arg) => !arg.startsWith("-"));
  const isHelp = args.includes("--help") || args.includes("-h");
  const command = commands.find(({ name }) => name === `${noun} ${verb}`);
  if (args.length === 0 || noun === "help" || (isHelp && !command)) return { kind: "help", about: null };
  if (!command) throw new UsageError(unknown(noun, verb, commands));
  if (isHelp) return { kind: "help", about: command };
  return { kind: "run", command, ...readWords(command, args) };
}

function unknown(noun: string | undefined, verb: string | undefined, commands: Command[]): string {
  const verbs = commands.flatMap(({ name }) => (name.startsWith(`${noun} `) ? [name.split(" ")[1]] : []));
  if (verbs.length === 0) return `There is no "${noun ?? ""}" here.`;
  return `${noun} ${verb === undefined ? "wants a verb" : `has no verb "${verb}"`}: ${verbs.join(", ")}.`;
}

function readWords(command: Command, args: string[]): { words: Words; json: boolean } {
  const { values, positionals } = parse(command, args);
  const given = positionals.slice(2);
  const missing = [
    ...command.positionals.slice(given.length),
    ...command.required.flatMap((name) => (values[name] === undefined ? [`--${name}`] : [])),
  ];
  if (missing.length > 0) throw new UsageError(`${command.name} wants ${missing.join(" and ")}.`);
  const surplus = given[command.positionals.length];
  if (surplus !== undefined) throw new UsageError(`${command.name} does not know what to do with "${surplus}".`);
  const words: Words = Object.fromEntries(command.positionals.map((name, index) => [name, given[index]]));
  for (const [name, value] of Object.entries(values)) if (typeof value === "string") words[name] = value;
  return { words, json: values.json === true };
}

function parse(command: Command, args: string[]) {
  try {
    const options: ParseArgsConfig["options"] = { ...command.options, ...flags };
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    // parseArgs speaks in sentences of its own: "Unknown option '--lable'".
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
