import type { IngestCounts } from "../ingest/ingest-counters";
import type { LiveRegistry } from "../live/live-registry";

/** Prometheus' text format of what media counts; nothing in it names a key or an address. */
export function renderMetrics(
  ingest: Readonly<IngestCounts>,
  registry: Pick<LiveRegistry, "reports" | "windowBytes">,
): string {
  const reports = registry.reports();
  const lines = [
    ...gauge(
      "livehouse_live_sessions",
      "Live sessions by state.",
      tally(reports.map((report) => report.state)),
      "state",
    ),
    ...gauge("livehouse_viewers", "Viewers of all live sessions.", {
      "": reports.reduce((sum, { viewers }) => sum + viewers, 0),
    }),
    ...gauge("livehouse_window_bytes", "Media held for playback, in memory and on disk.", { "": registry.windowBytes }),
    ...gauge("livehouse_resident_bytes", "Resident memory of media.", { "": process.memoryUsage.rss() }),
    ...ingestLines(ingest),
  ];
  return `${lines.join("\n")}\n`;
}

function ingestLines(ingest: Readonly<IngestCounts>): string[] {
  const lines: string[] = [];
  for (const [name, value] of Object.entries(ingest)) {
    const metric = `livehouse_ingest_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
    if (typeof value === "number") lines.push(...gauge(metric, `Ingest: ${name}.`, { "": value }));
    else
      lines.push(
        ...gauge(
          metric,
          `Ingest: ${name}.`,
          Object.fromEntries(value instanceof Map ? value : Object.entries(value)),
          "reason",
        ),
      );
  }
  return lines;
}

function gauge(name: string, help: string, values: Record<string, number>, label = ""): string[] {
  const rows = Object.entries(values).map(([key, value]) =>
    key ? `${name}{${label}="${key}"} ${value}` : `${name} ${value}`,
  );
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...rows];
}

function tally(values: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
