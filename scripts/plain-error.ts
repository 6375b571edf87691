/** Something the person at the keyboard can put right: shown as its one sentence, without a stack. */
export class PlainError extends Error {
  override name = "PlainError";
}

/** Runs a script's main function; a `PlainError` becomes one sentence on standard error and exit code 1. */
export function runScript(main: () => Promise<unknown>): void {
  main().catch((error: unknown) => {
    process.stderr.write(
      error instanceof PlainError ? `${error.message}\n` : `${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exit(1);
  });
}
