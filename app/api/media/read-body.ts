import { AppError } from "@/lib/app-error";

const TIMEOUT_MS = 5_000;

/** A request's body as text. @throws AppError body-too-large beyond `maxBytes`, invalid when it doesn't come within 5 s */
export async function readBody(request: Request, maxBytes: number): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw new AppError("body-too-large");
  const reader = request.body?.getReader();
  if (!reader) return "";
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void reader.cancel();
  }, TIMEOUT_MS);
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      sizeBytes += value.byteLength;
      if (sizeBytes > maxBytes) {
        await reader.cancel();
        throw new AppError("body-too-large");
      }
      chunks.push(value);
    }
  } finally {
    clearTimeout(timer);
  }
  if (isLate) throw new AppError("invalid");
  return Buffer.concat(chunks).toString("utf8");
}
