import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { completeSettings } from "./complete-settings";
import { mediaEnvironment, PORTAL_ONLY, portalEnvironment } from "./process-environment";
import { readSettings } from "./settings";

let directory: string;
let file: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "livehouse-settings-"));
  file = join(directory, "env");
  await writeFile(file, 'PORT=3100\nMEDIA_PORT=8100\nPUBLIC_URL="https://live.example.org/"\nRTMP_PORT=\n');
});

afterAll(() => rm(directory, { recursive: true }));

const NO_FILE = "/nonexistent/.env";

test("every setting has the default of the contract", () => {
  expect(readSettings({}, NO_FILE)).toMatchObject({
    HOST: "0.0.0.0",
    PORT: 3000,
    MEDIA_PORT: 8000,
    RTMP_PORT: 1935,
    MEDIA_CONTROL_PORT: 8001,
    MEDIA_CONTROL_HOST: "127.0.0.1",
    FFMPEG_PATH: "ffmpeg",
  });
  expect(readSettings({}, NO_FILE).DATA_DIR).toMatch(/^\/.*\/\.data$/);
});

test("the environment wins over .env, an empty setting counts as unset", () => {
  const settings = readSettings({ PORT: "3200" }, file);
  expect(settings).toMatchObject({ PORT: 3200, MEDIA_PORT: 8100, RTMP_PORT: 1935 });
  expect(settings.PUBLIC_URL).toBe("https://live.example.org");
});

test.each([
  [{ PORT: "abc" }, /^PORT must be a whole number from 1 to 65535, but is "abc" \(set in the environment\)\.$/],
  [{ PORT: "70000" }, /^PORT must be/],
  [{ RTMP_PORT: "0" }, /^RTMP_PORT must be/],
  [{ MEDIA_PORT: "3100" }, /^PORT and MEDIA_PORT are both 3100/],
  [{ PUBLIC_URL: "live.example.org" }, /^PUBLIC_URL must be an address such as https/],
  [{ PUBLIC_RTMP_URL: "https://x.org" }, /^PUBLIC_RTMP_URL must be an address such as rtmp/],
  [{ ADMIN_EMAIL: "a@example.org" }, /^ADMIN_EMAIL and ADMIN_PASSWORD .* both or neither/],
  [{ ADMIN_EMAIL: "nobody" }, /^ADMIN_EMAIL must be an e-mail address/],
  [{ RTMPS_PORT: "1936" }, /^RTMPS_PORT is set, so TLS_CERT must name a PEM file/],
  [{ LOG_LEVEL: "loud" }, /^LOG_LEVEL must be one of/],
])("a wrong setting is named: %j", (environment: Record<string, string>, sentence) => {
  expect(() => readSettings(environment, file)).toThrow(sentence);
});

test("a wrong setting of the file is said to be in the file", async () => {
  const wrong = join(directory, "wrong");
  await writeFile(wrong, "PORT=nine\n");
  expect(() => readSettings({}, wrong)).toThrow(
    'PORT must be a whole number from 1 to 65535, but is "nine" (set in .env).',
  );
});

test.each(["AUTH_SECRET", "DATABASE_URL"])("the value of %s is never shown", (name) => {
  expect(() => readSettings({ [name]: "hunter2" }, NO_FILE)).toThrow(new RegExp(`^${name} (?!.*hunter2)`));
});

test("secrets are made once, even when several processes ask at the same time", async () => {
  const settings = readSettings({ DATA_DIR: join(directory, "data") }, NO_FILE);
  const all = await Promise.all(Array.from({ length: 8 }, () => completeSettings(settings)));
  expect(new Set(all.map(({ AUTH_SECRET }) => AUTH_SECRET)).size).toBe(1);
  const first = all[0];
  expect(new Set([first?.AUTH_SECRET, first?.MEDIA_SECRET, first?.KEY_SECRET]).size).toBe(3);
  expect(first?.AUTH_SECRET).toMatch(/^[0-9a-f]{64}$/);
  expect((await stat(join(directory, "data", "secrets", "auth"))).mode & 0o777).toBe(0o600);
});

test("media is given nothing of the database, of sessions or of stream keys", async () => {
  const settings = await completeSettings(readSettings({ DATA_DIR: join(directory, "data") }, NO_FILE));
  const portal = portalEnvironment(settings, "postgresql://secret@127.0.0.1/livehouse");
  const media = mediaEnvironment(settings);
  expect(media.MEDIA_SECRET).toBe(portal.MEDIA_SECRET);
  for (const name of PORTAL_ONLY) expect(media).not.toHaveProperty(name);
  expect(JSON.stringify(media)).not.toContain(portal.KEY_SECRET);
});
