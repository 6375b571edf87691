import type { StreamKey } from "./stream-key";

/** Whether a publish with this key would be accepted at `now`, its owner not being banned. */
export function isUsable({ revokedAt, expiresAt }: Pick<StreamKey, "revokedAt" | "expiresAt">, now: Date): boolean {
  return !revokedAt && (expiresAt === null || new Date(expiresAt) > now);
}
