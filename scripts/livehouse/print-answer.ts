import type { Answer } from "./command";

function cell(value: unknown): string {
  if (value === null || value === undefined) return "-";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "object") return Object.values(value).map(cell).join(" ");
  return String(value);
}

/** An answer for people: a table of a list, names and values of one thing. */
export function answerAsText(answer: Answer): string {
  if (!Array.isArray(answer)) {
    const entries = Object.entries(answer);
    const width = Math.max(...entries.map(([name]) => name.length));
    return entries.map(([name, value]) => `${name.padEnd(width)}  ${cell(value)}`).join("\n");
  }
  const [first] = answer;
  if (!first) return "none";
  const rows = [Object.keys(first), ...answer.map((row) => Object.values(row).map(cell))];
  const widths = Object.keys(first).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
