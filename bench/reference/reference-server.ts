import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort } from "@/scripts/free-port";
import { PROJECT_ROOT } from "@/scripts/project-root";
import { until } from "@/tests/support/until";
import type { MeasuredChannel, MeasuredServer } from "../measured-server";
import { started } from "../started";
import { ensureNginx, NGINX } from "./ensure-nginx";
import { nginxConfig } from "./nginx-config";
import { homePage, watchPage } from "./reference-pages";

const STOP_TIMEOUT_MS = 5_000;

/** Everything nginx needs in a directory of its own. */
function prepare(directory: string, ports: { rtmpPort: number; httpPort: number }): void {
  const www = join(directory, "www");
  mkdirSync(join(www, "hls"), { recursive: true });
  copyFileSync(join(PROJECT_ROOT, "node_modules/hls.js/dist/hls.min.js"), join(www, "hls.min.js"));
  writeFileSync(join(www, "watch.html"), watchPage);
  writeFileSync(join(www, "index.html"), homePage([]));
  writeFileSync(join(directory, "nginx.conf"), nginxConfig({ directory, ...ports, asRoot: process.getuid?.() === 0 }));
}

async function end(child: ChildProcess, directory: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const deadline = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(deadline);
  }
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
}

/** The reference: nginx with nginx-rtmp-module and a page with `new Hls()`, on free ports. */
export class ReferenceServer implements MeasuredServer {
  readonly name = "reference";
  readonly wholeProcessId = null;
  private readonly channels: string[] = [];

  private constructor(
    private readonly directory: string,
    private readonly ports: { rtmpPort: number; httpPort: number },
    readonly processId: number,
    readonly stop: () => Promise<void>,
  ) {}

  /** @throws PlainError when nginx is missing and can't be installed */
  static async start(): Promise<ReferenceServer> {
    await ensureNginx();
    const directory = mkdtempSync(join(tmpdir(), "livehouse-reference-"));
    const ports = { rtmpPort: await findFreePort(), httpPort: await findFreePort() };
    prepare(directory, ports);
    // Out of the terminal's process group: Ctrl-C reaches only us, and we stop it.
    const child = spawn(NGINX, ["-p", directory, "-c", join(directory, "nginx.conf")], {
      stdio: "ignore",
      detached: true,
    });
    child.on("error", () => undefined);
    const server = new ReferenceServer(
      directory,
      ports,
      child.pid ?? 0,
      started("reference", () => end(child, directory)),
    );
    const answers = async () => (await fetch(server.homeUrl, { signal: AbortSignal.timeout(2_000) })).ok;
    await until("the reference ready", answers, { timeoutMs: 10_000 });
    return server;
  }

  get homeUrl(): string {
    return `http://127.0.0.1:${this.ports.httpPort}/`;
  }

  nextChannel(): MeasuredChannel {
    const name = `channel${this.channels.length + 1}`;
    this.channels.push(name);
    writeFileSync(join(this.directory, "www", "index.html"), homePage(this.channels));
    return {
      name,
      publishUrl: `rtmp://127.0.0.1:${this.ports.rtmpPort}/live/${name}`,
      playlistUrl: `${this.homeUrl}hls/${name}.m3u8`,
      pageUrl: `${this.homeUrl}watch.html?channel=${name}`,
    };
  }

  log(): string {
    const path = join(this.directory, "error.log");
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }
}
