import { callerOf } from "@/lib/auth/caller";
import { checkDatabase } from "@/lib/dal/health/check-database";
import { answer, answerJson } from "../answer";

/** 200 only while the database answers. */
export function GET(request: Request): Promise<Response> {
  return answer(async () => {
    const isUp = await checkDatabase({ kind: "visitor", ...callerOf(request.headers) });
    return isUp ? answerJson({ status: "ok" }) : answerJson({ status: "database-unavailable" }, 503);
  });
}
