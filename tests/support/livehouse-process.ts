import { type ChildProcess, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort } from "@/scripts/free-port";
import { PROJECT_ROOT } from "@/scripts/project-root";
import { Livehouse, type LivehouseInfo } from "./livehouse";
import { descendantsOf } from "./process-tree";
import { until } from "./until";

const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 20_000;

/** What the developer's own environment or `.env` says must not reach a test's Livehouse; Next reads `.env` by itself. */
const ownSettings = {
  ENV_FILE: "/dev/null",
  ...Object.fromEntries(
    [
      ...["DATABASE_URL", "AUTH_SECRET", "MEDIA_SECRET", "KEY_SECRET", "ADMIN_EMAIL", "ADMIN_PASSWORD"],
      ...["PUBLIC_URL", "PUBLIC_HLS_URL", "PUBLIC_RTMP_URL", "RTMPS_PORT", "TLS_CERT", "TLS_KEY"],
      ...["MEDIA_CONTROL_HOST", "MEDIA_CONTROL_URL", "PORTAL_URL", "TRUSTED_PROXY"],
    ].map((name) => [name, ""]),
  ),
};

/** Ports nobody listens on, each another. */
async function findFreePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await findFreePort());
  return [...ports];
}

async function isReady(livehouse: Livehouse): Promise<boolean> {
  const addresses = [`${livehouse.portalUrl}/api/health`, `${livehouse.controlUrl}/healthz`];
  const answers = await Promise.all(addresses.map((address) => fetch(address, { signal: AbortSignal.timeout(5_000) })));
  return answers.every(({ ok }) => ok);
}

/** A whole Livehouse of this test's own: `npm start` with free ports, an empty data directory and the repository's build. */
export class LivehouseProcess extends Livehouse {
  private constructor(
    info: LivehouseInfo,
    private readonly child: ChildProcess,
  ) {
    super(info);
  }

  /** @throws Error with what it printed when it does not get ready */
  static async start(environment: Record<string, string> = {}): Promise<LivehouseProcess> {
    const dataDir = await mkdtemp(join(tmpdir(), "livehouse-test-"));
    const [portal = 0, media = 0, rtmp = 0, control = 0] = await findFreePorts(4);
    const ports = { PORT: portal, MEDIA_PORT: media, RTMP_PORT: rtmp, MEDIA_CONTROL_PORT: control };
    const settings = Object.entries({ HOST: "127.0.0.1", DATA_DIR: join(dataDir, "data"), ...ports });
    const env = {
      ...ownSettings,
      ...Object.fromEntries(settings.map(([name, value]) => [name, String(value)])),
      ...environment,
    };
    const logPath = join(dataDir, "livehouse.log");
    const log = openSync(logPath, "a");
    const child = spawn("npm", ["start"], {
      cwd: PROJECT_ROOT,
      env: { ...process.env, ...env },
      stdio: ["ignore", log, log],
    });
    const info = {
      processId: child.pid ?? 0,
      environment: env,
      dataDir,
      logPath,
      ports: { portal, media, rtmp, control },
    };
    const livehouse = new LivehouseProcess(info, child);
    try {
      const states = () => child.exitCode !== null || isReady(livehouse);
      await until("Livehouse ready", states, { timeoutMs: READY_TIMEOUT_MS });
      if (child.exitCode !== null) throw new Error(`npm start ended with exit code ${child.exitCode}.`);
      return livehouse;
    } catch (error) {
      const printed = readFileSync(logPath, "utf8");
      await livehouse.stop();
      throw new Error(`${String(error)}\n${printed}`);
    }
  }

  /** Stops it as Ctrl-C does, removes its data, and returns its exit code; null when it had to be killed. */
  async stop(): Promise<number | null> {
    const { child } = this;
    const below = await descendantsOf(this.info.processId);
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const deadline = setTimeout(() => {
        for (const { pid } of below) killIfAlive(pid);
        child.kill("SIGKILL");
      }, STOP_TIMEOUT_MS);
      await gone;
      clearTimeout(deadline);
    }
    await rm(this.info.dataDir, { recursive: true, force: true, maxRetries: 5 });
    return child.exitCode;
  }
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
