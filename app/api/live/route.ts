import { callerOf } from "@/lib/auth/caller";
import { listLive } from "@/lib/dal/live/list-live";
import { answer, answerJson } from "../answer";

/** Who is live; public. */
export function GET(request: Request): Promise<Response> {
  return answer(async () => answerJson(await listLive({ kind: "visitor", ...callerOf(request.headers) })));
}
