import "server-only";
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { env } from "@/lib/env";

// 32 letters, 5 bits each, without the look-alikes i, l, o, u.
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const KEY_LETTERS = 26;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A new stream key: `live_` and 130 bits of randomness. */
export function makeStreamKey(): string {
  const letters = Array.from(randomBytes(KEY_LETTERS), (byte) => ALPHABET.charAt(byte & 31));
  return `live_${letters.join("")}`;
}

function derived(purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", env().KEY_SECRET, "livehouse", purpose, 32));
}

/** By which the database finds a key without holding it: HMAC-SHA-256. */
export function lookupOf(streamKey: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHmac("sha256", derived("stream-key-lookup")).update(streamKey).digest());
}

/** AES-256-GCM: nonce, ciphertext, tag. Bound to the row's id, so that a ciphertext moved to another row opens nothing. */
export function sealStreamKey(streamKey: string, id: string): Buffer<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", derived("stream-key-seal"), nonce).setAAD(Buffer.from(id));
  return Buffer.concat([nonce, cipher.update(streamKey, "utf8"), cipher.final(), cipher.getAuthTag()]);
}

/** The key again; null when the row was tampered with or KEY_SECRET is another one now. */
export function openStreamKey(sealed: Uint8Array, id: string): string | null {
  const bytes = Buffer.from(sealed);
  if (bytes.length <= NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv("aes-256-gcm", derived("stream-key-seal"), bytes.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(id)).setAuthTag(bytes.subarray(-TAG_BYTES));
  const opened = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([opened, decipher.final()]).toString("utf8");
  } catch (error) {
    if (error instanceof Error && /authenticate/.test(error.message)) return null;
    throw error;
  }
}
