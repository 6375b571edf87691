import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT_ROOT } from "@/scripts/project-root";
import { FakePortal } from "./fake-portal";
import { until } from "./until";

type Ready = { msg: string; mediaPort: number; controlPort: number; rtmpPort: number };

const SECRET = "a secret of this test alone";

/** A media process of this test's own, as its sources are, behind a fake portal. */
export class MediaProcess {
  private constructor(
    readonly portal: FakePortal,
    private readonly child: ChildProcess,
    private readonly dataDir: string,
    private readonly ports: Ready,
    private readonly lines: string[],
  ) {}

  /** @throws Error with what it printed when it does not get ready */
  static async start(settings: Record<string, string> = {}): Promise<MediaProcess> {
    const portal = await FakePortal.start(SECRET);
    const dataDir = await mkdtemp(join(tmpdir(), "media-test-"));
    const ports = {
      MEDIA_PORT: "0",
      MEDIA_CONTROL_PORT: "0",
      RTMP_PORT: "0",
      RTMPS_PORT: "",
      TLS_CERT: "",
      TLS_KEY: "",
    };
    const own = {
      HOST: "127.0.0.1",
      MEDIA_SECRET: SECRET,
      PORTAL_URL: portal.url,
      DATA_DIR: dataDir,
      LOG_LEVEL: "info",
    };
    const child = spawn(process.execPath, ["--conditions=react-server", "--import", "tsx", "media/main.ts"], {
      cwd: PROJECT_ROOT,
      env: { ...process.env, ...ports, ...own, ...settings },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const lines: string[] = [];
    const keep = (chunk: Buffer) => lines.push(...chunk.toString().split("\n").filter(Boolean));
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    const isReady = (line: string) => line.includes('"msg":"ready"');
    const line = await until("media ready", () => lines.find(isReady) ?? (child.exitCode !== null ? "ended" : null), {
      timeoutMs: 30_000,
    });
    if (line === "ended") throw new Error(lines.join("\n"));
    return new MediaProcess(portal, child, dataDir, JSON.parse(line), lines);
  }

  get originUrl(): string {
    return `http://127.0.0.1:${this.ports.mediaPort}`;
  }

  get rtmpPort(): number {
    return this.ports.rtmpPort;
  }

  /** What its control port answers to `GET /metrics`. */
  async metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.ports.controlPort}/metrics`)).text();
  }

  get rtmpUrl(): string {
    return `rtmp://127.0.0.1:${this.ports.rtmpPort}/live`;
  }

  /** What it logged as a warning or worse, and what it printed outside its log. */
  get complaints(): string[] {
    return this.lines.filter((line) => !/^\{"level":(10|20|30),/.test(line));
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const gone = once(this.child, "exit");
      this.child.kill("SIGTERM");
      const deadline = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
      await gone;
      clearTimeout(deadline);
    }
    this.portal.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
