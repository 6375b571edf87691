import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { findFreePort } from "../free-port";
import { readSettings } from "../settings";
import { refuseTakenPorts } from "./refuse-taken-ports";

const NO_FILE = "/nonexistent/.env";
const held = createServer();

afterEach(() => new Promise<void>((resolve) => held.close(() => resolve())));

async function settingsWith(more: Record<string, string>) {
  const [portal, media, rtmp, control] = await Promise.all(Array.from({ length: 4 }, () => findFreePort()));
  const ports = { PORT: portal, MEDIA_PORT: media, RTMP_PORT: rtmp, MEDIA_CONTROL_PORT: control };
  const given = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]));
  return readSettings({ HOST: "127.0.0.1", ...given, ...more }, NO_FILE);
}

test("a taken port is named with its setting", async () => {
  const settings = await settingsWith({});
  await new Promise<void>((resolve) => held.listen(settings.RTMP_PORT, "127.0.0.1", resolve));
  await expect(refuseTakenPorts(settings, 0)).rejects.toThrow(
    `Port ${settings.RTMP_PORT} (RTMP_PORT) cannot be used, another program has it`,
  );
});

// The documentation addresses of RFC 5737 belong to no machine.
test.each(["HOST", "MEDIA_CONTROL_HOST"])(
  "%s that is no address of this machine is named, not a port",
  async (name) => {
    const settings = await settingsWith({ [name]: "192.0.2.1" });
    await expect(refuseTakenPorts(settings, 60_000)).rejects.toThrow(
      `${name} must be an address of this machine, but is "192.0.2.1"`,
    );
  },
);

test("free ports are let pass", async () => {
  await refuseTakenPorts(await settingsWith({}), 0);
});
