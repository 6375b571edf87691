import { mkdir } from "node:fs/promises";
import { makeSecret } from "./make-secret";
import { PlainError } from "./plain-error";
import type { Settings } from "./settings";

/** Settings whose secrets are all there. */
export type CompleteSettings = Settings & Required<Pick<Settings, "AUTH_SECRET" | "MEDIA_SECRET" | "KEY_SECRET">>;

/** Fills in the secrets that nobody set: made once under DATA_DIR, the same ever after. */
export async function completeSettings(settings: Settings): Promise<CompleteSettings> {
  const { DATA_DIR } = settings;
  await mkdir(DATA_DIR, { recursive: true }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlainError(`DATA_DIR ${DATA_DIR} cannot be made: ${reason}.`);
  });
  const [AUTH_SECRET, MEDIA_SECRET, KEY_SECRET] = await Promise.all([
    settings.AUTH_SECRET ?? makeSecret(DATA_DIR, "auth"),
    settings.MEDIA_SECRET ?? makeSecret(DATA_DIR, "media"),
    settings.KEY_SECRET ?? makeSecret(DATA_DIR, "key"),
  ]);
  return { ...settings, AUTH_SECRET, MEDIA_SECRET, KEY_SECRET };
}
