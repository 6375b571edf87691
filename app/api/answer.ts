import { isAppError, isNextSignal } from "@/lib/app-error";
import { log } from "@/lib/log";

const headers = { "cache-control": "no-store" };

/** A JSON answer that nobody keeps. */
export function answerJson(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers });
}

/** Runs a route's work; an AppError becomes its HTTP status and `{error: code}`, everything else 500 without a word of why. */
export async function answer(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (isNextSignal(error)) throw error;
    if (isAppError(error)) return answerJson({ error: error.code }, error.status);
    log().error({ err: error }, "a route failed");
    return answerJson({ error: "unexpected" }, 500);
  }
}
