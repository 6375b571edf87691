import { callerOf } from "@/lib/auth/caller";
import { eventStream } from "@/lib/dal/live/event-stream";
import { watchLive } from "@/lib/dal/live/watch-live";
import { answer } from "../../answer";

/** Event `live`: who is live, on connect and at each change; public. */
export function GET(request: Request): Promise<Response> {
  const visitor = { kind: "visitor" as const, ...callerOf(request.headers) };
  return answer(() => eventStream("live", request.signal, (heard) => watchLive(visitor, heard)));
}
