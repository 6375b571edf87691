import { systemActor } from "@/lib/auth/actor";
import { type Command, UsageError, word } from "./command";
import { doneOrThrow } from "./outcome";

/** Until when a key works: ISO 8601 in full, or a date. @throws UsageError */
export function expiryOf(given: string | undefined): string | null {
  if (given === undefined) return null;
  const at = /^\d{4}-\d{2}-\d{2}(T|$)/.test(given) ? new Date(given) : null;
  if (at && !Number.isNaN(at.getTime())) return at.toISOString();
  throw new UsageError(`--expires is a date such as 2027-01-31 or 2027-01-31T18:00Z, not "${given}".`);
}

export const keyCommands: Command[] = [
  {
    name: "key issue",
    positionals: ["HANDLE"],
    options: { label: { type: "string" }, expires: { type: "string" } },
    required: [],
    usage: "HANDLE [--label L] [--expires DATE]",
    summary: "issues a stream key for the channel",
    run: async (words) => {
      const { issueStreamKey } = await import("@/lib/dal/stream-key/issue-stream-key");
      const input = {
        handle: word(words, "HANDLE"),
        label: words.label ?? "command line",
        expiresAt: expiryOf(words.expires),
      };
      return doneOrThrow(await issueStreamKey(systemActor, input)).key;
    },
  },
  {
    name: "key list",
    positionals: ["HANDLE"],
    options: {},
    required: [],
    usage: "HANDLE",
    summary: "the channel's stream keys, masked",
    run: async (words) => {
      const { listStreamKeys } = await import("@/lib/dal/stream-key/list-stream-keys");
      return listStreamKeys(systemActor, { handle: word(words, "HANDLE") });
    },
  },
  {
    name: "key revoke",
    positionals: ["ID"],
    options: {},
    required: [],
    usage: "ID",
    summary: "revokes a stream key; whoever streams with it is off the air at once",
    run: async (words) => {
      const { revokeStreamKey } = await import("@/lib/dal/stream-key/revoke-stream-key");
      const id = word(words, "ID");
      await revokeStreamKey(systemActor, { id });
      return { id, isRevoked: true };
    },
  },
];
