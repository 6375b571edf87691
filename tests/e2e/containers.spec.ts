import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { findFreePort } from "@/scripts/free-port";
import { PORTAL_ONLY } from "@/scripts/process-environment";
import { ComposeProcess, type ComposeService, readComposeService } from "@/tests/support/compose-service";
import { startExternalPostgres } from "@/tests/support/external-postgres";
import { Livehouse } from "@/tests/support/livehouse";
import { until } from "@/tests/support/until";

test("media's container gets nothing of the database, of sessions or of stream keys", () => {
  const { environment } = readComposeService("media", { MEDIA_SECRET: "m", AUTH_SECRET: "a", KEY_SECRET: "k" });
  expect(environment.MEDIA_SECRET).toBe("m");
  for (const name of PORTAL_ONLY) expect(environment).not.toHaveProperty(name);
});

test("the commands and environment of docker-compose.yml run a whole Livehouse on somebody else's Postgres", async () => {
  test.setTimeout(300_000);
  const postgres = await startExternalPostgres();
  test.skip(
    !postgres,
    "Skipped: no Postgres of Debian's here, and it could not be installed (apt-get install postgresql).",
  );
  if (!postgres) return;
  const dataDir = await mkdtemp(join(tmpdir(), "livehouse-containers-"));
  const [portalPort, mediaPort, rtmpPort, controlPort] = await Promise.all(
    Array.from({ length: 4 }, () => findFreePort()),
  );
  const variables = {
    PORT: `${portalPort}`,
    MEDIA_PORT: `${mediaPort}`,
    RTMP_PORT: `${rtmpPort}`,
    POSTGRES_PASSWORD: "x",
  };
  // Only what a container's own network, volume and host names would make of it.
  const onThisMachine = {
    HOST: "127.0.0.1",
    DATA_DIR: dataDir,
    MEDIA_CONTROL_HOST: "127.0.0.1",
    MEDIA_CONTROL_PORT: `${controlPort}`,
  };
  const portalService = readComposeService("portal", variables);
  const mediaService = readComposeService("media", variables);
  expect(portalService.environment.DATABASE_URL).toMatch(/^postgresql:\/\/livehouse:x@postgres:5432\/livehouse$/);
  const portalEnvironment = {
    ...portalService.environment,
    ...onThisMachine,
    DATABASE_URL: postgres.url,
    MEDIA_CONTROL_URL:
      portalService.environment.MEDIA_CONTROL_URL?.replace("media:8001", `127.0.0.1:${controlPort}`) ?? "",
  };
  const mediaEnvironment = {
    ...mediaService.environment,
    ...onThisMachine,
    PORTAL_URL: mediaService.environment.PORTAL_URL?.replace("portal:", "127.0.0.1:") ?? "",
  };
  const portal = new ComposeProcess(portalService.command, portalEnvironment);
  const media = new ComposeProcess(mediaService.command, mediaEnvironment);
  const ports = { portal: portalPort ?? 0, media: mediaPort ?? 0, rtmp: rtmpPort ?? 0, control: controlPort ?? 0 };
  const livehouse = new Livehouse({ processId: 0, environment: portalEnvironment, dataDir, logPath: "", ports });
  try {
    const isHealthy = async ({ healthCheck }: ComposeService, environment: Record<string, string>) =>
      (await new ComposeProcess(healthCheck, environment).exited) === 0;
    await until(
      "both healthy",
      async () => {
        const both = [isHealthy(portalService, portalEnvironment), isHealthy(mediaService, mediaEnvironment)];
        return (await Promise.all(both)).every(Boolean);
      },
      { timeoutMs: 60_000, everyMs: 200 },
    );
    expect(portal.log).toContain("Applied migration");
    expect(portal.log).toMatch(/\/set-up#[\w-]{40,}/);

    await livehouse.createUser("boxed");
    const { streamKey } = await livehouse.issueKey("boxed");
    const encoder = livehouse.publish(streamKey);
    await livehouse.untilLive("boxed");
    await encoder.stop();

    expect(await media.stop(), media.log).toBe(0);
    expect(await portal.stop(), portal.log).toBe(0);
    for (const secret of [streamKey, postgres.url]) expect(portal.log + media.log).not.toContain(secret);
  } catch (error) {
    throw new Error(`${String(error)}\n${portal.log}\n${media.log}`);
  } finally {
    await Promise.all([media.stop(), portal.stop()]);
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
