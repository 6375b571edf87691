import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { until } from "@/tests/support/until";
import { databaseUrlOf } from "./database-url";
import { isPortFree } from "./free-port";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./postgres";
import { PROJECT_ROOT } from "./project-root";

let dataDirectory: string;
let server: EmbeddedPostgres | null = null;

// One cluster for the file: what is tested is starting and stopping.
beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), "livehouse-postgres-"));
});

afterEach(async () => {
  await server?.stop();
  server = null;
});

afterAll(() => rm(dataDirectory, { recursive: true, force: true }));

async function start(): Promise<EmbeddedPostgres> {
  server = await startEmbeddedPostgres(dataDirectory, { isDurable: false });
  return server;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const pidFile = () => join(dataDirectory, "postgres", "cluster", "postmaster.pid");

describe("the embedded Postgres", () => {
  test("starts, can be found by others, keeps data and port, and stops", async () => {
    const { url } = await start();
    await query(url, "CREATE TABLE kept AS SELECT 42 AS answer");
    expect(await databaseUrlOf({ DATABASE_URL: undefined, DATA_DIR: dataDirectory })).toEqual({
      kind: "embedded",
      url,
    });
    await server?.stop();
    expect(await databaseUrlOf({ DATABASE_URL: undefined, DATA_DIR: dataDirectory })).toEqual({ kind: "not-running" });
    expect((await start()).url).toBe(url);
    expect(await query(url, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
  });

  test("takes another port when its own is taken", async () => {
    const { url } = await start();
    const port = Number(new URL(url).port);
    await server?.stop();
    const squatter = spawn(process.execPath, [
      "-e",
      `require("net").createServer().listen(${port}, "127.0.0.1", () => console.log("listening"))`,
    ]);
    try {
      await once(squatter.stdout, "data");
      expect(new URL((await start()).url).port).not.toBe(`${port}`);
    } finally {
      squatter.kill();
    }
  });

  test("lets nobody in without the password, and listens on loopback only", async () => {
    const url = new URL((await start()).url);
    const port = Number(url.port);
    url.password = "wrong";
    await expect(query(url.href, "SELECT 1")).rejects.toThrow(/password authentication failed/);
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((address) => address?.family === "IPv4" && !address.internal);
    for (const address of others) expect(await isPortFree(port, address?.address ?? "")).toBe(true);
  });

  test("ends by itself when its parent is killed, and the next start has all that was committed", async () => {
    const script = `
      import { startEmbeddedPostgres } from ${JSON.stringify(join(PROJECT_ROOT, "scripts/postgres.ts"))};
      startEmbeddedPostgres(${JSON.stringify(dataDirectory)}).then((server) => console.log(server.pid + " " + server.url));
    `;
    const file = join(dataDirectory, "parent.mts");
    await writeFile(file, script);
    const parent = spawn(process.execPath, ["--import", "tsx", file], {
      cwd: PROJECT_ROOT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface({ input: parent.stdout }), "line")) as [string];
    const [pid = "", url = ""] = line.split(" ");
    await query(url, "CREATE TABLE survivor AS SELECT 7 AS answer");
    parent.kill("SIGKILL");
    await until("the orphan has ended", () => isGone(Number(pid)));
    expect(await query((await start()).url, "SELECT answer FROM survivor")).toEqual([{ answer: 7 }]);
  });

  test("stops a server that outlived its parent, and starts", async () => {
    const first = await startEmbeddedPostgres(dataDirectory, { isDurable: false });
    const second = await start();
    await first.exited;
    expect(second.pid).not.toBe(first.pid);
    expect(await query(second.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test("a pid file whose number now belongs to another process is not in the way", async () => {
    await start();
    const content = await readFile(pidFile(), "utf8");
    await server?.stop();
    const bystander = spawn("sleep", ["60"], { cwd: "/" });
    try {
      await writeFile(pidFile(), content.replace(/^\d+/, `${bystander.pid}`));
      await start();
      expect(isGone(bystander.pid ?? 0)).toBe(false);
    } finally {
      bystander.kill();
    }
  });

  test("starts again after being killed in the middle of its work", async () => {
    const { url, pid, exited } = await start();
    await query(url, "CREATE TABLE crashed AS SELECT 3 AS answer; CHECKPOINT");
    process.kill(pid, "SIGKILL");
    await exited;
    expect(await query((await start()).url, "SELECT answer FROM crashed")).toEqual([{ answer: 3 }]);
  });

  test.runIf(process.getuid?.() === 0)("as root works below a directory that is closed to everybody else", async () => {
    const closed = await mkdtemp(join(tmpdir(), "livehouse-closed-"));
    await chmod(closed, 0o700);
    const hidden = await startEmbeddedPostgres(join(closed, "data"), { isDurable: false });
    try {
      expect(await query(hidden.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
      const { stdout } = await promisify(execFile)("ps", ["-o", "uid=", "-p", `${hidden.pid}`]);
      expect(Number(stdout)).not.toBe(0);
    } finally {
      await hidden.stop();
      await rm(closed, { recursive: true });
    }
  });
});

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
