import { runScript } from "./plain-error";
import { endCommands } from "./run-command";
import { readSettings } from "./settings";
import { runLivehouse } from "./supervisor/run-livehouse";

// npm start and npm run dev (--dev): everything from the database to the addresses, until Ctrl-C.
runScript(async () => {
  const stopping = new AbortController();
  const stop = () => {
    if (stopping.signal.aborted) return;
    process.stdout.write("Stopping …\n");
    stopping.abort();
    void endCommands();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  // Whoever started us is gone; without this, nobody could stop us but by number.
  process.on("disconnect", stop);
  process.channel?.unref();
  // A log that cannot be written (a full disk, a reader that has gone) must not end the broadcasts.
  process.stdout.on("error", () => undefined);
  if (process.connected === false) stop();
  await runLivehouse(readSettings(), process.argv.includes("--dev"), stopping.signal);
  process.exit(0);
});
