import { updateLiveSessions } from "@/lib/dal/publish/update-live-sessions";
import { onUpdateRequestSchema } from "@/lib/media-contract/publish-calls";
import { answerMediaCall } from "../answer-media-call";

/** Everything that media has on the air. */
export function POST(request: Request): Promise<Response> {
  return answerMediaCall({
    request,
    schema: onUpdateRequestSchema,
    maxBodyBytes: 4 * 1024 * 1024,
    verb: updateLiveSessions,
  });
}
