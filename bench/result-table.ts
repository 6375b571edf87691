import { type BenchResult, type Figure, isReached, limitOf } from "./bench-result";

const HEAD = ["figure", "aim", "reached", "reference", "ratio"];

const shown = (value: number | null, unit: string): string => (value === null ? "–" : `${value} ${unit}`.trim());

function aimText(figure: Figure): string {
  const limit = limitOf(figure);
  if (figure.aimTimesReference) return `≤ ${figure.aimTimesReference} × reference`;
  return limit === null ? "–" : `≤ ${shown(limit, figure.unit)}`;
}

function reachedText(figure: Figure): string {
  const text = shown(figure.reached, figure.unit);
  return isReached(figure) === false ? `${text} (missed)` : text;
}

function ratioText({ reached, reference }: Figure): string {
  return reached === null || !reference ? "–" : (reached / reference).toPrecision(2);
}

function rowOf(figure: Figure): string[] {
  const { reference, unit } = figure;
  return [figure.figure, aimText(figure), reachedText(figure), shown(reference, unit), ratioText(figure)];
}

/** For the terminal: columns lined up, remarks below. */
export function terminalTable({ bench, figures, remarks }: BenchResult): string {
  const rows = [HEAD, ...figures.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [`\n${bench}`, ...lines, ...remarks.map((remark) => `  ! ${remark}`)].join("\n");
}

/** For README.md: one table of all benches. */
export function markdownTable(results: BenchResult[]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const head = ["bench", ...HEAD];
  const rows = results.flatMap(({ bench, figures }) => figures.map((figure) => line([bench, ...rowOf(figure)])));
  const remarks = results.flatMap(({ bench, remarks }) => remarks.map((remark) => `- \`${bench}\`: ${remark}`));
  const table = [line(head), line(head.map(() => "---")), ...rows];
  return [...table, ...(remarks.length > 0 ? ["", ...remarks] : [])].join("\n");
}
