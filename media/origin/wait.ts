import type { Verdict } from "./resolve";
import type { StreamWindow } from "./stream-window";

export type Outcome = Exclude<Verdict, "wait"> | "timeout";

/** RFC 8216bis 6.2.5.2: a server that can't answer within three target durations says 503. */
const TIMEOUT_TARGETS = 3;

/**
 * Asks `resolve` at each change of the window until it no longer says `wait`, or three target durations are over.
 * @returns a function that gives up without an outcome, for a client that went away
 */
export function wait(window: StreamWindow, resolve: () => Verdict, done: (outcome: Outcome) => void): () => void {
  const finish = (outcome: Outcome) => {
    cancel();
    done(outcome);
  };
  const timer = setTimeout(() => finish("timeout"), TIMEOUT_TARGETS * window.targetDurationSeconds * 1000);
  const forget = window.onChange(() => {
    const verdict = resolve();
    if (verdict !== "wait") finish(verdict);
  });
  const cancel = () => {
    clearTimeout(timer);
    forget();
  };
  return cancel;
}
