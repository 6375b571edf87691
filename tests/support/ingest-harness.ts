import { connect } from "node:net";
import { pino } from "pino";
import type { IngestLimits } from "@/media/ingest/ingest-config";
import { createIngestServer, type IngestServer } from "@/media/ingest/ingest-server";
import type { Publisher, PublisherLeft, RtmpMessage } from "@/media/ingest/publisher";
import { recordedTags } from "./flv-tags";
import { RtmpEncoder } from "./rtmp-encoder";
import { until } from "./until";

type Seen = { publisher: Publisher; messages: RtmpMessage[]; left: PublisherLeft[] };

export type IngestHarness = {
  server: IngestServer;
  port: number;
  /** Every publisher that somebody was asked about, with what it sent. */
  seen: Seen[];
  logLines: string[];
};

const opened: { close(): Promise<void> }[] = [];

/** For `afterEach`. */
export async function closeIngestHarnesses(): Promise<void> {
  await Promise.all(opened.splice(0).map((each) => each.close()));
}

type Verdict = (publisher: Publisher) => void;

/** An ingest server of this test's own, on a free port, that notes what it sees. @param verdict default: everybody may publish */
export async function startIngest(
  limits: Partial<IngestLimits> = {},
  verdict: Verdict = (publisher) => publisher.accept(),
): Promise<IngestHarness> {
  const seen: Seen[] = [];
  const logLines: string[] = [];
  const server = createIngestServer({
    config: { host: "127.0.0.1", rtmpPort: 0, rtmps: null, limits },
    log: pino({ level: "debug" }, { write: (line: string) => logLines.push(line) }),
    onPublishRequested(publisher) {
      const entry: Seen = { publisher, messages: [], left: [] };
      seen.push(entry);
      publisher.handle({ message: (message) => entry.messages.push(message), left: (how) => entry.left.push(how) });
      verdict(publisher);
    },
  });
  opened.push(server);
  const { rtmpPort } = await server.listen();
  return { server, port: rtmpPort, seen, logLines };
}

/** Opens a bare connection and sends these bytes; resolves when the server has ended it. */
export async function sendUntilEnded(port: number, bytes: Buffer): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => socket.destroy());
  socket.resume();
  socket.write(bytes);
  await new Promise((resolve) => socket.once("close", resolve));
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const BYSTANDER_KEY = "live_bystander";
/** Processor time between two of its messages, which a busy machine does not lengthen; they come a hundred times as often. */
const LONGEST_STALL_CPU_MS = 2_000;
/** Sent and not delivered yet: two seconds of it. */
const MOST_UNDELIVERED = 100;

/** An honest publisher from another address that sends a picture every 20 ms while others attack. */
export class Bystander {
  private longestGapMs = 0;
  private sent = 0;
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly encoder: RtmpEncoder,
    private readonly entry: Seen,
  ) {}

  static async join({ port, seen }: IngestHarness): Promise<Bystander> {
    const { encoder } = await RtmpEncoder.publish({ port, localAddress: "127.0.0.2" }, BYSTANDER_KEY);
    const entry = await until("the bystander", () =>
      seen.find(({ publisher }) => publisher.streamKey === BYSTANDER_KEY),
    );
    const picture = recordedTags("h264-aac-4s.flv").find((tag) => tag.type === 9);
    if (!picture) throw new Error("the recorded stream has no picture");
    const bystander = new Bystander(encoder, entry);
    bystander.timer = setInterval(() => encoder.sendTag(picture, 20 * bystander.sent++), 20);
    let lastMs = cpuMs();
    entry.publisher.handle({
      message: (message) => {
        entry.messages.push(message);
        bystander.longestGapMs = Math.max(bystander.longestGapMs, cpuMs() - lastMs);
        lastMs = cpuMs();
      },
      left: (how) => entry.left.push(how),
    });
    await bystander.playsOn();
    return bystander;
  }

  /** Waits for more of its pictures. @throws Error when it has been cut off, or has stood still meanwhile */
  async playsOn(): Promise<void> {
    const undelivered = this.sent - this.entry.messages.length;
    if (undelivered > MOST_UNDELIVERED) throw new Error(`${undelivered} messages of the bystander were not delivered`);
    const before = this.entry.messages.length;
    await until("more pictures of the bystander", () => this.entry.messages.length > before + 3, { everyMs: 5 });
    if (this.entry.left.length > 0) throw new Error(`the bystander has left: ${this.entry.left[0]?.detail}`);
    if (this.longestGapMs > LONGEST_STALL_CPU_MS) throw new Error(`the bystander stalled for ${this.longestGapMs} ms`);
  }

  leave(): void {
    clearInterval(this.timer);
    this.encoder.drop();
  }
}
