import { setTimeout as wait } from "node:timers/promises";

/**
 * Asks again and again until the answer is neither null nor false nor undefined; a question that throws counts as unanswered.
 *
 * @param what names the state waited for, for the error
 * @throws Error when it has not come after `timeoutMs`
 */
export async function until<T>(
  what: string,
  question: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  { timeoutMs = 10_000, everyMs = 50 } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown = "no answer";
  while (performance.now() < deadline) {
    try {
      const answer = await question();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    await wait(everyMs);
  }
  throw new Error(`${what}: not within ${timeoutMs} ms (${String(last)})`);
}
