import "server-only";
import { env } from "@/lib/env";

const anyAddress = new Set(["0.0.0.0", "::", "[::]"]);

/** Where this process reaches itself, without a trailing slash: from its settings, never from what a request says of its host. */
export function ownAddress(): string {
  const { HOST, PORT } = env();
  if (anyAddress.has(HOST)) return `http://127.0.0.1:${PORT}`;
  return `http://${HOST.includes(":") && !HOST.startsWith("[") ? `[${HOST}]` : HOST}:${PORT}`;
}
