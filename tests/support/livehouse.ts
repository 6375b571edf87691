import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { PROJECT_ROOT } from "@/scripts/project-root";
import { type EncoderOptions, FfmpegEncoder } from "./ffmpeg-encoder";
import { descendantsOf } from "./process-tree";
import { until } from "./until";

/** What another process needs to know to use a running Livehouse. Plain JSON. */
export type LivehouseInfo = {
  /** Of `npm start`. */
  processId: number;
  environment: Record<string, string>;
  dataDir: string;
  logPath: string;
  ports: { portal: number; media: number; rtmp: number; control: number };
};

export type CliResult = { exitCode: number; stdout: string; stderr: string };
export type IssuedKey = { id: string; label: string; streamKey: string; rtmpUrl: string };

const CLI_TIMEOUT_MS = 30_000;

/** How the process of each part shows in `ps`. */
const partPatterns = { media: /\.build\/media\/main\.js/, portal: /next-server|next\/dist\/bin\/next/ };

/** A running Livehouse, as a test talks to it. */
export class Livehouse {
  constructor(readonly info: LivehouseInfo) {}

  get portalUrl(): string {
    return `http://127.0.0.1:${this.info.ports.portal}`;
  }
  get hlsUrl(): string {
    return `http://127.0.0.1:${this.info.ports.media}`;
  }
  get rtmpUrl(): string {
    return `rtmp://127.0.0.1:${this.info.ports.rtmp}/live`;
  }
  get controlUrl(): string {
    return `http://127.0.0.1:${this.info.ports.control}`;
  }

  /** Everything it has printed. */
  log(): string {
    return readFileSync(this.info.logPath, "utf8");
  }

  /** Runs `npm run -s livehouse -- …` against it, without npm: that would be a third of the time. */
  cli(...args: string[]): Promise<CliResult> {
    return this.run(process.execPath, "scripts/bootstrap.mjs", "scripts/livehouse/main.ts", ...args);
  }

  /** Runs a command of the project with this Livehouse's settings, without standard input, and waits for its end. */
  run(command: string, ...args: string[]): Promise<CliResult> {
    const child = spawn(command, args, {
      cwd: PROJECT_ROOT,
      env: { ...process.env, ...this.info.environment },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: CLI_TIMEOUT_MS,
    });
    const result: CliResult = { exitCode: -1, stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => {
      result.stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      result.stderr += chunk;
    });
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ ...result, exitCode: code ?? -1 }));
    });
  }

  /** The JSON that a command answers. @throws Error with its standard error when it fails */
  async cliJson<T>(...args: string[]): Promise<T> {
    const { exitCode, stdout, stderr } = await this.cli(...args, "--json");
    if (exitCode !== 0) throw new Error(`livehouse ${args.join(" ")}: exit code ${exitCode}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  async createUser(handle: string, { password = "correct horse battery", role = "user" } = {}) {
    const email = `${handle}@example.org`;
    const words = ["--handle", handle, "--email", email, "--password", password, "--role", role];
    await this.cliJson("user", "create", ...words);
    return { handle, email, password };
  }

  issueKey(handle: string): Promise<IssuedKey> {
    return this.cliJson<IssuedKey>("key", "issue", handle);
  }

  /** Starts a real encoder with this key. */
  publish(streamKey: string, options: Partial<EncoderOptions> = {}): FfmpegEncoder {
    return new FfmpegEncoder({ rtmpUrl: this.rtmpUrl, streamKey, ...options });
  }

  /** Waits until the channel's playlist can be fetched. */
  async untilLive(handle: string, timeoutMs = 20_000): Promise<void> {
    const address = `${this.hlsUrl}/live/${handle}/index.m3u8`;
    await until(`${handle} live`, async () => (await fetch(address)).ok, { timeoutMs });
  }

  /** The process id of a part. @throws Error when there is no such process */
  async processIdOf(part: keyof typeof partPatterns): Promise<number> {
    const below = await descendantsOf(this.info.processId);
    const found = below.find(({ command }) => partPatterns[part].test(command));
    if (!found) throw new Error(`no ${part} process among ${below.map(({ command }) => command).join("; ")}`);
    return found.pid;
  }
}
