import type { Command } from "./command";

/** What `--help` prints: every command, or one. */
export function helpText(about: Command | null, commands: Command[]): string {
  if (about) return `${about.name} ${about.usage}\n  ${about.summary}\n  --json prints the answer as one JSON value`;
  const calls = commands.map((command) => ({
    call: `${command.name} ${command.usage}`.trim(),
    summary: command.summary,
  }));
  const width = Math.max(...calls.map(({ call }) => call.length));
  return [
    "npm run -s livehouse -- NOUN VERB … [--json]",
    "",
    ...calls.map(({ call, summary }) => `  ${call.padEnd(width)}  ${summary}`),
    "",
    "  --json prints the answer as one JSON object or array; --help shows this.",
    "  Exit code: 0 done, 1 could not be done, 2 not understood. Livehouse must be running.",
  ].join("\n");
}
