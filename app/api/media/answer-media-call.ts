import type { z } from "zod";
import { AppError } from "@/lib/app-error";
import type { Media } from "@/lib/auth/actor";
import { callerOf } from "@/lib/auth/caller";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { SIGNATURE_HEADER, SignatureVerifier } from "@/lib/media-contract/signature";
import { answer, answerJson } from "../answer";
import { readBody } from "./read-body";

type MediaCall<Schema extends z.ZodType, Answer> = {
  request: Request;
  schema: Schema;
  maxBodyBytes: number;
  verb(actor: Media, input: z.output<Schema>): Promise<Answer>;
};

// One memory of seen calls for the process: each route is a bundle of its own.
const holder = globalThis as { livehouseMediaCalls?: SignatureVerifier };

function verifier(): SignatureVerifier {
  holder.livehouseMediaCalls ??= new SignatureVerifier(env().MEDIA_SECRET);
  return holder.livehouseMediaCalls;
}

/** Answers one of media's calls: 401 without a valid, fresh and unused signature, 413 for a body that is too long, 400 for one that isn't understood. */
export function answerMediaCall<Schema extends z.ZodType, Answer>(call: MediaCall<Schema, Answer>): Promise<Response> {
  return answer(async () => {
    const { request } = call;
    const signature = request.headers.get(SIGNATURE_HEADER);
    // Before reading anything: who doesn't even claim to be media costs nothing.
    if (!signature) return answerJson({ error: "signature-missing" }, 401);
    const body = await readBody(request, call.maxBodyBytes);
    const { pathname, search } = new URL(request.url);
    const verdict = verifier().verify(
      signature,
      { method: request.method, path: `${pathname}${search}`, body },
      Date.now(),
    );
    if (verdict.kind === "invalid") {
      if (verdict.fault === "stale") {
        const aheadSeconds = Math.round(verdict.aheadMs / 1000);
        log().warn(
          { path: pathname, aheadSeconds },
          "a call of media's was refused: the clocks of portal and media differ, set both right",
        );
      } else log().warn({ fault: verdict.fault, path: pathname }, "a call in media's name was refused");
      return answerJson({ error: `signature-${verdict.fault}` }, 401);
    }
    const input = call.schema.safeParse(parseJson(body));
    if (!input.success) throw new AppError("invalid", { cause: input.error });
    return answerJson(await call.verb({ kind: "media", ...callerOf(request.headers) }, input.data));
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError("invalid", { cause: error });
  }
}
