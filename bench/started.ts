type Entry = { name: string; stop: () => Promise<void>; timeoutMs: number };

/** Everything a bench has started, undone in the reverse order: at its end, at a failure, and at Ctrl-C. */
const undo: Entry[] = [];
const STOP_TIMEOUT_MS = 30_000;

let stopping: Promise<void> | null = null;

/** Registers how to stop what has just been started. The returned function stops it now, once. */
export function started(name: string, stop: () => Promise<void>, timeoutMs = STOP_TIMEOUT_MS): () => Promise<void> {
  const entry = { name, stop, timeoutMs };
  undo.push(entry);
  return async () => {
    const at = undo.indexOf(entry);
    if (at < 0) return;
    undo.splice(at, 1);
    await stopWithin(entry);
  };
}

/** Stops whatever is still running, newest first. What fails to stop is named and does not keep the others. */
export function stopAll(): Promise<void> {
  stopping ??= (async () => {
    for (let entry = undo.pop(); entry; entry = undo.pop()) await stopWithin(entry);
    stopping = null;
  })();
  return stopping;
}

async function stopWithin({ name, stop, timeoutMs }: Entry): Promise<void> {
  let deadline: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    deadline = setTimeout(() => reject(new Error(`not within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([stop(), late]);
  } catch (error) {
    process.stderr.write(`${name} could not be stopped: ${String(error)}\n`);
  } finally {
    clearTimeout(deadline);
  }
}

/** On SIGINT, SIGTERM, SIGHUP, or when whoever started us is gone: stops everything and exits. */
export function stopOnSignals(): void {
  let isAsked = false;
  const stop = (exitCode: number) => {
    if (isAsked) return;
    isAsked = true;
    process.stderr.write("Stopping …\n");
    void stopAll().finally(() => process.exit(exitCode));
  };
  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15],
    ["SIGHUP", 1],
  ] as const) {
    process.on(signal, () => stop(128 + number));
  }
  process.on("disconnect", () => stop(1));
  process.channel?.unref();
}
