// Makes channels in the Livehouse of this environment: `make-channels.ts COUNT`; prints `[{handle, streamKey}]`.
// One process for all of them: thirty calls of the command line would take half a minute.
import { systemActor } from "@/lib/auth/actor";
import { connectEnvironment } from "@/scripts/connect-environment";
import { doneOrThrow } from "@/scripts/livehouse/outcome";
import { runScript } from "@/scripts/plain-error";

runScript(async () => {
  await connectEnvironment();
  const { createUser } = await import("@/lib/dal/user/create-user");
  const { issueStreamKey } = await import("@/lib/dal/stream-key/issue-stream-key");
  const { closeDatabase } = await import("@/lib/db");
  const channels: { handle: string; streamKey: string }[] = [];
  for (let number = 1; number <= Number(process.argv[2]); number++) {
    const handle = `bench${number}`;
    const password = `a password for channel ${number}`;
    doneOrThrow(await createUser(systemActor, { handle, email: `${handle}@example.org`, password, role: "user" }));
    const { key } = doneOrThrow(await issueStreamKey(systemActor, { handle, label: "bench" }));
    channels.push({ handle, streamKey: key.streamKey });
  }
  process.stdout.write(JSON.stringify(channels));
  await closeDatabase();
});
