import { callerOf } from "@/lib/auth/caller";
import { eventStream } from "@/lib/dal/live/event-stream";
import { watchChannelState } from "@/lib/dal/live/watch-channel-state";
import { answer } from "../../../answer";

type Context = { params: Promise<{ handle: string }> };

/** Event `state`: the channel's state, on connect and at each change; public. */
export function GET(request: Request, { params }: Context): Promise<Response> {
  const visitor = { kind: "visitor" as const, ...callerOf(request.headers) };
  return answer(async () => {
    const { handle } = await params;
    return eventStream("state", request.signal, (heard) => watchChannelState(visitor, { handle }, heard));
  });
}
