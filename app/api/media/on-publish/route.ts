import { acceptPublish } from "@/lib/dal/publish/accept-publish";
import { onPublishRequestSchema } from "@/lib/media-contract/publish-calls";
import { answerMediaCall } from "../answer-media-call";

/** May this stream key go live? */
export function POST(request: Request): Promise<Response> {
  return answerMediaCall({ request, schema: onPublishRequestSchema, maxBodyBytes: 8 * 1024, verb: acceptPublish });
}
