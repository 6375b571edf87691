import { fileURLToPath } from "node:url";
import { runCommand } from "@/scripts/run-command";
import { LivehouseProcess } from "@/tests/support/livehouse-process";
import { until } from "@/tests/support/until";
import type { MeasuredChannel, MeasuredServer } from "../measured-server";
import { started } from "../started";

const script = fileURLToPath(new URL("make-channels.ts", import.meta.url));
const CHANNELS_TIMEOUT_MS = 120_000;
const LAST_LINES = 12;
/** A stop may come while it still builds and starts. */
const STOP_TIMEOUT_MS = 150_000;

type Channel = { handle: string; streamKey: string };

async function makeChannels(livehouse: LivehouseProcess, count: number): Promise<Channel[]> {
  const args = ["--conditions=react-server", "--import", "tsx", script, String(count)];
  const { exitCode, output } = await runCommand(process.execPath, args, {
    env: livehouse.info.environment,
    output: "collect",
    timeoutMs: CHANNELS_TIMEOUT_MS,
  });
  if (exitCode !== 0) throw new Error(`the channels could not be made (exit code ${exitCode}): ${output}`);
  return JSON.parse(output.slice(output.indexOf("["))) as Channel[];
}

/** What it had to say when a measurement failed. */
const lastWords = (log: string): string => log.trimEnd().split("\n").slice(-LAST_LINES).join("\n");

/** A whole Livehouse of its own (`npm start`, empty data directory) with so many channels. */
export class MeasuredLivehouse implements MeasuredServer {
  readonly name = "livehouse";
  private readonly free: Channel[];

  private constructor(
    private readonly livehouse: LivehouseProcess,
    channels: Channel[],
    readonly processId: number,
    readonly stop: () => Promise<void>,
  ) {
    this.free = channels;
  }

  /** @param environment settings beside its own free ports */
  static async start(channelCount: number, environment: Record<string, string> = {}): Promise<MeasuredLivehouse> {
    process.stderr.write("Starting Livehouse …\n");
    const starting = LivehouseProcess.start({ LOG_LEVEL: "info", ...environment });
    let isDone = false;
    const end = started(
      "Livehouse",
      async () => {
        // When it does not start, it has cleaned up after itself.
        const running = await starting.catch(() => null);
        if (!isDone && running) process.stderr.write(`Livehouse's last words:\n${lastWords(running.log())}\n`);
        await running?.stop();
      },
      STOP_TIMEOUT_MS,
    );
    const livehouse = await starting;
    const stop = () => {
      isDone = true;
      return end();
    };
    const channels = await makeChannels(livehouse, channelCount);
    const processId = await until("media's process", () => livehouse.processIdOf("media"));
    return new MeasuredLivehouse(livehouse, channels, processId, stop);
  }

  get homeUrl(): string {
    return `${this.livehouse.portalUrl}/`;
  }

  /** Root of everything: portal, media, Postgres and their supervisor. */
  get wholeProcessId(): number {
    return this.livehouse.info.processId;
  }

  get ports(): { portal: number; media: number } {
    return this.livehouse.info.ports;
  }

  nextChannel(): MeasuredChannel {
    const channel = this.free.shift();
    if (!channel) throw new Error("Livehouse was started with too few channels");
    const { handle, streamKey } = channel;
    const { portalUrl, hlsUrl, rtmpUrl } = this.livehouse;
    return {
      name: handle,
      publishUrl: `${rtmpUrl}/${streamKey}`,
      playlistUrl: `${hlsUrl}/live/${handle}/index.m3u8`,
      pageUrl: `${portalUrl}/c/${handle}`,
    };
  }

  log(): string {
    return this.livehouse.log();
  }
}
