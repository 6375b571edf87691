import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { until } from "@/tests/support/until";
import { PROJECT_ROOT } from "../project-root";
import { SupervisedProcess } from "./supervised-process";

const STOP_WITH_PARENT = join(PROJECT_ROOT, "scripts/stop-with-parent.mjs");

let directory: string;
let supervised: SupervisedProcess | null = null;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "livehouse-supervised-"));
});

afterEach(() => supervised?.stop());
afterAll(() => rm(directory, { recursive: true }));

function supervise(code: string, nodeOptions: string[] = []): { lines: string[]; pids: number[] } {
  const lines: string[] = [];
  const pids: number[] = [];
  supervised = new SupervisedProcess({
    name: "test",
    args: [...nodeOptions, "-e", code],
    environment: { NODE_ENV: "test", PATH: process.env.PATH },
    onLine: (line) => lines.push(line),
    onSpawn: (pid) => pids.push(pid),
  });
  supervised.start();
  return { lines, pids };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const HOLD = 'console.log("up"); setInterval(() => {}, 1000);';

test("a crashed process is back at once, and later crashes wait longer", async () => {
  const { lines, pids } = supervise(HOLD);
  for (const crash of [1, 2, 3]) {
    await until("it is up", () => lines.filter((line) => line === "up").length === crash);
    process.kill(pids.at(-1) ?? 0, "SIGKILL");
    await until("its end is told", () => lines.filter((line) => line.startsWith("ended")).length === crash);
  }
  expect(lines.filter((line) => line.startsWith("ended"))).toEqual([
    "ended (SIGKILL), starts again now",
    "ended (SIGKILL), starts again in 0.5 s",
    "ended (SIGKILL), starts again in 1 s",
  ]);
});

test("what a crashed process had started ends with it", async () => {
  const { lines } = supervise(
    'const child = require("child_process").spawn("sleep", ["60"]); console.log("child " + child.pid); setInterval(() => {}, 1000);',
  );
  const child = await until(
    "its child",
    () => Number(lines.find((line) => line.startsWith("child"))?.slice(6)) || null,
  );
  process.kill(supervised?.pid ?? 0, "SIGKILL");
  await until("the child has ended", () => !isRunning(child));
});

test("a stopped process is not started again", async () => {
  const { lines, pids } = supervise(`process.on("SIGTERM", () => process.exit(0)); ${HOLD}`);
  await until("it is up", () => lines.includes("up"));
  await supervised?.stop();
  expect(pids).toHaveLength(1);
  expect(isRunning(pids[0] ?? 0)).toBe(false);
  expect(lines).toEqual(["up"]);
});

test("a server that waits for its last connection is stopped all the same", async () => {
  const { lines, pids } = supervise(`process.on("SIGTERM", () => console.log("waiting")); ${HOLD}`, [
    "--import",
    STOP_WITH_PARENT,
  ]);
  await until("it is up", () => lines.includes("up"));
  await supervised?.stop();
  expect(lines).toEqual(["up", "waiting"]);
  expect(isRunning(pids[0] ?? 0)).toBe(false);
});

test("a process whose supervisor is killed ends by itself", async () => {
  const file = join(directory, "supervisor.mts");
  await writeFile(
    file,
    `import { SupervisedProcess } from ${JSON.stringify(join(PROJECT_ROOT, "scripts/supervisor/supervised-process.ts"))};
     new SupervisedProcess({
       name: "orphan", args: ["--import", ${JSON.stringify(STOP_WITH_PARENT)}, "-e", ${JSON.stringify(HOLD)}],
       environment: process.env, onLine: () => undefined, onSpawn: (pid) => console.log(pid),
     }).start();`,
  );
  const supervisor = spawn(process.execPath, ["--import", "tsx", file], { cwd: PROJECT_ROOT });
  const [line] = (await once(createInterface({ input: supervisor.stdout }), "line")) as [string];
  expect(isRunning(Number(line))).toBe(true);
  supervisor.kill("SIGKILL");
  await until("the orphan has ended", () => !isRunning(Number(line)), { timeoutMs: 20_000 });
});
