import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { visitor } from "@/tests/support/portal-database";
import { type ThrowawayDatabase, throwawayDatabase } from "@/tests/support/throwaway-database";
import { until } from "@/tests/support/until";
import { checkDatabase } from "./dal/health/check-database";
import { listLive } from "./dal/live/list-live";
import { closeDatabase, database, transaction } from "./db";

/** A way to the database that can be cut, or go silent. */
class Line {
  mode: "open" | "cut" | "silent" = "open";
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(target: URL) {
    this.server = createServer((socket) => {
      this.keep(socket);
      if (this.mode === "cut") return socket.destroy();
      const onward = this.keep(connect(Number(target.port), target.hostname));
      socket.on("data", (data) => this.mode === "open" && onward.write(data));
      onward.on("data", (data) => this.mode === "open" && socket.write(data));
      socket.on("close", () => onward.destroy());
      onward.on("close", () => socket.destroy());
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return (this.server.address() as AddressInfo).port;
  }

  cut(): void {
    this.mode = "cut";
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => this.sockets.delete(socket));
    return socket;
  }
}

let throwaway: ThrowawayDatabase;
let line: Line;

beforeAll(async () => {
  throwaway = await throwawayDatabase();
  const url = new URL(throwaway.url);
  line = new Line(new URL(throwaway.url));
  url.hostname = "127.0.0.1";
  url.port = String(await line.listen());
  const secret = "x".repeat(32);
  Object.assign(process.env, { DATABASE_URL: url.href, AUTH_SECRET: secret, MEDIA_SECRET: secret, KEY_SECRET: secret });
});
afterAll(async () => {
  await closeDatabase();
  await line?.close();
  await throwaway?.drop();
});

async function expectOutage(): Promise<void> {
  expect(await checkDatabase(visitor)).toBe(false);
  await expect(listLive(visitor)).rejects.toMatchObject({ code: "database-unavailable", status: 503 });
  await expect(transaction((tx) => tx.user.count())).rejects.toMatchObject({ code: "database-unavailable" });
}

it("a database that is gone is an outage with a name, and is used again as soon as it is back", async () => {
  expect(await checkDatabase(visitor)).toBe(true);
  line.cut();
  await expectOutage();
  line.mode = "open";
  await until("the database to answer again", () => checkDatabase(visitor));
  expect(await listLive(visitor)).toEqual([]);
});

it("a connection lost within a transaction is an outage, too, and nothing of it was done", async () => {
  const work = transaction(async (tx) => {
    await tx.setting.create({ data: { name: "half", value: 1 } });
    line.cut();
    await tx.setting.count();
  });
  await expect(work).rejects.toMatchObject({ code: "database-unavailable" });
  line.mode = "open";
  await until("the database to answer again", () => checkDatabase(visitor));
  expect(await database().setting.count()).toBe(0);
});

it("a database that falls silent holds nobody up for ever", async () => {
  line.mode = "silent";
  const started = performance.now();
  expect(await checkDatabase(visitor)).toBe(false);
  expect(performance.now() - started).toBeLessThan(60_000);
  line.cut();
  line.mode = "open";
  await until("the database to answer again", () => checkDatabase(visitor));
}, 90_000);
