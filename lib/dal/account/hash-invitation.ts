import "server-only";
import { createHash } from "node:crypto";

/** Only the hash of an invitation's code is kept. The code is random enough that a plain hash can't be searched. */
export function hashInvitation(code: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash("sha256").update(code.trim()).digest());
}
