import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { PROJECT_ROOT } from "../project-root";

/** Waits before each restart in a row; the last one repeats. */
const BACK_OFF_MS = [0, 500, 1000, 2000, 4000, 8000, 15_000];
/** A process that ran this long has recovered: its next crash counts as the first. */
const RECOVERED_AFTER_MS = 60_000;
const KILL_AFTER_MS = 10_000;

export interface ProcessPlan {
  name: string;
  /** Arguments of `node`. */
  args: string[];
  /** The whole environment, nothing is inherited. */
  environment: NodeJS.ProcessEnv;
  onLine: (line: string) => void;
  /** Called with each new process's number. */
  onSpawn: (pid: number) => void;
}

/** A `node` process that is started again whenever it ends, until `stop`. */
export class SupervisedProcess {
  private child: ChildProcess | null = null;
  private ended: Promise<void> = Promise.resolve();
  private isStopping = false;
  private crashes = 0;
  private restartTimer: NodeJS.Timeout | undefined;

  constructor(private readonly plan: ProcessPlan) {}

  get name(): string {
    return this.plan.name;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Settles when the present process has ended. */
  get exited(): Promise<void> {
    return this.ended;
  }

  start(): void {
    const { args, environment, onLine, onSpawn } = this.plan;
    const startedAt = performance.now();
    // A group of its own: a Ctrl-C reaches the supervisor alone, which stops things in order. The channel's end tells
    // the process that the supervisor is gone (stop-with-parent.mjs).
    const child = spawn(process.execPath, args, {
      cwd: PROJECT_ROOT,
      env: { ...environment, LIVEHOUSE_SUPERVISOR: String(process.pid) },
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on("line", onLine);
    }
    this.ended = new Promise((resolve) => {
      child.once("error", (error) => onLine(`could not be started: ${error.message}`));
      child.once("close", (code, signal) => {
        resolve();
        if (!this.isStopping) this.restartLater(signal ?? `exit code ${code}`, performance.now() - startedAt);
      });
    });
    if (child.pid) onSpawn(child.pid);
  }

  /** SIGTERM, and SIGKILL to everything it started after 10 s. It is not started again. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.restartTimer);
    const { child } = this;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const timer = setTimeout(() => this.signalGroup("SIGKILL"), KILL_AFTER_MS);
    await this.ended;
    clearTimeout(timer);
    this.signalGroup("SIGKILL");
  }

  private restartLater(how: string, ranForMs: number): void {
    if (ranForMs >= RECOVERED_AFTER_MS) this.crashes = 0;
    // What it had started must not hold its ports.
    this.signalGroup("SIGKILL");
    const delayMs = BACK_OFF_MS[Math.min(this.crashes, BACK_OFF_MS.length - 1)] ?? 0;
    this.crashes += 1;
    this.plan.onLine(`ended (${how}), starts again ${delayMs ? `in ${delayMs / 1000} s` : "now"}`);
    this.restartTimer = setTimeout(() => this.start(), delayMs);
  }

  private signalGroup(signal: NodeJS.Signals): void {
    if (!this.child?.pid) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch (error) {
      // No such group: everything has ended, as it should. EPERM is how macOS says it of a group of zombies.
      if (!(error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM")))
        throw error;
    }
  }
}
