import { endPublish } from "@/lib/dal/publish/end-publish";
import { onPublishEndRequestSchema } from "@/lib/media-contract/publish-calls";
import { answerMediaCall } from "../answer-media-call";

/** A live session is over. */
export function POST(request: Request): Promise<Response> {
  return answerMediaCall({ request, schema: onPublishEndRequestSchema, maxBodyBytes: 8 * 1024, verb: endPublish });
}
