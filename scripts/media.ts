import { completeSettings } from "./complete-settings";
import { runScript } from "./plain-error";
import { runInForeground } from "./run-in-foreground";
import { readSettings } from "./settings";
import { planMedia } from "./supervisor/process-plans";

// Media alone, as a container runs it: settings, then its bundle.
runScript(async () => {
  const { args, environment } = planMedia(await completeSettings(readSettings()), false);
  await runInForeground(args, environment);
});
