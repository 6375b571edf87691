import { systemActor } from "@/lib/auth/actor";
import type { User } from "@/lib/dal/user/user";
import { type Command, UsageError, word } from "./command";
import { doneOrThrow } from "./outcome";

function roleOf(given: string | undefined): "user" | "admin" {
  if (given === undefined || given === "user") return "user";
  if (given === "admin") return "admin";
  throw new UsageError(`--role is "user" or "admin", not "${given}".`);
}

/** Every page of the list. */
async function allUsers(): Promise<User[]> {
  const { listUsers } = await import("@/lib/dal/user/list-users");
  const found: User[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listUsers>> = await listUsers(systemActor, { after });
    found.push(...page.users);
    after = page.next;
  } while (after !== null);
  return found;
}

export const userCommands: Command[] = [
  {
    name: "user create",
    positionals: [],
    options: {
      handle: { type: "string" },
      email: { type: "string" },
      password: { type: "string" },
      role: { type: "string" },
    },
    required: ["handle", "email", "password"],
    usage: "--handle H --email E --password P [--role admin]",
    summary: "makes a user and the channel of that handle",
    run: async (words) => {
      const { createUser } = await import("@/lib/dal/user/create-user");
      const handle = word(words, "handle");
      const input = {
        handle,
        email: word(words, "email"),
        password: word(words, "password"),
        role: roleOf(words.role),
      };
      return doneOrThrow(await createUser(systemActor, input)).user;
    },
  },
  {
    name: "user ban",
    positionals: ["HANDLE"],
    options: { reason: { type: "string" } },
    required: [],
    usage: "HANDLE [--reason R]",
    summary: "bans a user: signed out everywhere, off the air, keys refused",
    run: async (words) => {
      const { banUser } = await import("@/lib/dal/user/ban-user");
      const handle = word(words, "HANDLE");
      doneOrThrow(await banUser(systemActor, { handle, reason: words.reason ?? null }));
      return { handle, isBanned: true };
    },
  },
  {
    name: "user unban",
    positionals: ["HANDLE"],
    options: {},
    required: [],
    usage: "HANDLE",
    summary: "lifts a ban; the user signs in anew",
    run: async (words) => {
      const { unbanUser } = await import("@/lib/dal/user/unban-user");
      const handle = word(words, "HANDLE");
      await unbanUser(systemActor, { handle });
      return { handle, isBanned: false };
    },
  },
  {
    name: "user list",
    positionals: [],
    options: {},
    required: [],
    usage: "",
    summary: "all users",
    run: allUsers,
  },
];
