import type { IngestCounts } from "../ingest/ingest-counters";
import type { LiveRegistry } from "../live/live-registry";
import type { OriginLoad } from "../origin/http-server";

/** Prometheus' text format of what media counts; nothing in it names a key or an address. */
export function renderMetrics(
  ingest: Readonly<IngestCounts>,
  registry: Pick<LiveRegistry, "reports" | "windowBytes">,
  origin: OriginLoad,
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
    ...originLines(origin),
  ];
  return `${lines.join("\n")}\n`;
}

function ingestLines(ingest: Readonly<IngestCounts>): string[] {
  const { connectionsOpened, connectionsOpen, publishersAccepted, receivedBytes, refusals, cuts, protocolErrors } =
    ingest;
  return [
    ...gauge("livehouse_ingest_connections", "RTMP connections that are open.", { "": connectionsOpen }),
    ...counter("livehouse_ingest_connections_total", "RTMP connections since the start.", { "": connectionsOpened }),
    ...counter("livehouse_ingest_publishers_total", "Publishers accepted.", { "": publishersAccepted }),
    ...counter("livehouse_ingest_received_bytes_total", "Bytes received from encoders.", { "": receivedBytes }),
    ...counter("livehouse_ingest_refusals_total", "Connections and publishers turned away.", refusals, "reason"),
    ...counter("livehouse_ingest_cuts_total", "Connections ended by a limit or a deadline.", cuts, "reason"),
    ...counter(
      "livehouse_ingest_protocol_errors_total",
      "Connections that broke the protocol.",
      protocolErrors,
      "code",
    ),
  ];
}

function originLines({ connections, waiting, refusals }: OriginLoad): string[] {
  return [
    ...gauge("livehouse_origin_connections", "HLS connections that are open.", { "": connections }),
    ...gauge("livehouse_origin_waiting", "Requests held for what comes next.", { "": waiting }),
    ...counter("livehouse_origin_refusals_total", "Viewers turned away or cut.", refusals, "reason"),
  ];
}

type Values = Partial<Record<string, number>>;

function gauge(name: string, help: string, values: Values, label = ""): string[] {
  return metric("gauge", name, help, values, label);
}

function counter(name: string, help: string, values: Values, label = ""): string[] {
  return metric("counter", name, help, values, label);
}

function metric(type: "gauge" | "counter", name: string, help: string, values: Values, label: string): string[] {
  const rows = Object.entries(values).map(([key, value]) =>
    key ? `${name}{${label}="${key}"} ${value}` : `${name} ${value}`,
  );
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...rows];
}

function tally(values: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
