import { completeSettings } from "./complete-settings";
import { ensureFirstAdministrator } from "./first-administrator";
import { migrate } from "./migrate";
import { PlainError, runScript } from "./plain-error";
import { runInForeground } from "./run-in-foreground";
import { readSettings } from "./settings";
import { announceAdministrator } from "./supervisor/announce";
import { planPortal } from "./supervisor/process-plans";

// The portal alone, as a container runs it: settings, migrations, first administrator, then Next's own server.
runScript(async () => {
  const settings = await completeSettings(readSettings());
  const { DATABASE_URL } = settings;
  if (!DATABASE_URL)
    throw new PlainError('DATABASE_URL is not set: the embedded Postgres comes with "npm start" only.');
  for (const name of await migrate(DATABASE_URL)) process.stdout.write(`Applied migration ${name}.\n`);
  announceAdministrator(settings, await ensureFirstAdministrator(settings, DATABASE_URL));
  const { args, environment } = planPortal(settings, DATABASE_URL, false);
  await runInForeground(args, environment);
});
