import { expect } from "@playwright/test";
import { rejectDescriptions } from "@/lib/media-contract/reasons";
import { until } from "@/tests/support/until";
import { report } from "./steps";
import { newHandle, story } from "./story";

type LiveRow = {
  liveSessionId: string;
  handle: string;
  startedAt: string | null;
  viewers: number;
  video: { codec: string; width: number; height: number } | null;
  audio: { codec: string } | null;
  bitrateKbps: number;
};

story("an administrator runs the house from the command line", async ({ livehouse, publish }) => {
  const handle = newHandle("mina");
  const words = ["--handle", handle, "--email", `${handle}@example.org`, "--password", "a lamp behind the piano"];

  await story.step("makes a user with a channel, once", async () => {
    expect(await livehouse.cliJson("user", "create", ...words)).toEqual({
      handle,
      email: `${handle}@example.org`,
      role: "user",
    });
    const again = await livehouse.cli("user", "create", ...words, "--json");
    expect(again).toEqual({ exitCode: 1, stdout: "", stderr: expect.stringContaining("This handle is taken.") });
    const users = await livehouse.run("npm", "run", "-s", "livehouse", "--", "user", "list", "--json");
    expect(JSON.parse(users.stdout)).toContainEqual(expect.objectContaining({ handle, bannedAt: null }));
  });

  const key = await story.step("issues a key that is listed masked", async () => {
    const issued = await livehouse.cliJson<{ id: string; label: string; streamKey: string; rtmpUrl: string }>(
      "key",
      "issue",
      handle,
      "--label",
      "desk",
    );
    expect(issued).toEqual({
      id: expect.any(String),
      label: "desk",
      streamKey: expect.stringMatching(/^live_/),
      rtmpUrl: livehouse.rtmpUrl,
    });
    const listed = await livehouse.cli("key", "list", handle, "--json");
    expect(listed.stdout).toContain(issued.id);
    expect(listed.stdout).not.toContain(issued.streamKey);
    return issued;
  });

  const encoder = publish(key.streamKey);
  const live = await story.step("sees who is live, with what", async () => {
    await livehouse.untilLive(handle);
    const find = async () =>
      (await livehouse.cliJson<LiveRow[]>("live", "list")).find((row) => row.handle === handle && row.bitrateKbps > 0);
    const row = await until("the live session with its bit rate", find, { timeoutMs: 30_000 });
    expect(row).toMatchObject({ video: { width: 640, height: 360 }, audio: { codec: expect.any(String) } });
    expect(Date.parse(row.startedAt ?? "")).not.toBeNaN();
    return row;
  });

  await story.step("ends a broadcast at once", async () => {
    await livehouse.cliJson("live", "disconnect", live.liveSessionId);
    const doneAt = performance.now();
    const { atMs } = await encoder.endedWithin(10_000);
    report("command `live disconnect` returned to encoder off", Math.max(0, atMs - doneAt));
  });

  await story.step("revokes a key: its encoder is off the air and told why when it comes back", async () => {
    const second = publish(key.streamKey);
    await livehouse.untilLive(handle);
    await livehouse.cliJson("key", "revoke", key.id);
    const doneAt = performance.now();
    const { atMs } = await second.endedWithin(10_000);
    report("command `key revoke` returned to encoder off", Math.max(0, atMs - doneAt));
    const refused = publish(key.streamKey);
    expect((await refused.endedWithin(15_000)).exitCode).not.toBe(0);
    expect(refused.log).toContain(rejectDescriptions["revoked-key"]);
  });

  await story.step("bans: the encoder is off the air, every key is refused; unban lets it back", async () => {
    const next = await livehouse.issueKey(handle);
    const third = publish(next.streamKey);
    await livehouse.untilLive(handle);
    await livehouse.cliJson("user", "ban", handle);
    await third.endedWithin(10_000);
    const refused = publish(next.streamKey);
    await refused.endedWithin(15_000);
    expect(refused.log).toContain(rejectDescriptions["banned-owner"]);
    await livehouse.cliJson("user", "unban", handle);
    publish(next.streamKey);
    await livehouse.untilLive(handle);
  });
});

story("the command line says what is wrong, and its exit code tells of what kind", async ({ livehouse }) => {
  for (const [words, exitCode, sentence] of [
    ["user ban nobody-here", 1, 'There is no user "nobody-here".'],
    ["key issue nobody-here", 1, 'There is no user "nobody-here".'],
    ["key revoke 8a0cf0f4-3f0b-4a43-9a1c-4a1c1d4d6a10", 1, "There is no stream key"],
    ["key revoke not-an-id", 1, "There is no stream key"],
    ["live disconnect 8a0cf0f4-3f0b-4a43-9a1c-4a1c1d4d6a10", 1, "There is no open live session"],
    ["user create --handle x", 2, "wants --email and --password"],
    ["user dance", 2, 'has no verb "dance"'],
  ] as const) {
    const result = await livehouse.cli(...words.split(" "), "--json");
    expect(result, words).toEqual({ exitCode, stdout: "", stderr: expect.stringContaining(sentence) });
  }
});
