import "server-only";
import { z } from "zod";
import type { Actor } from "@/lib/auth/actor";
import { requireAdministrator } from "@/lib/auth/require";
import { database } from "@/lib/db";
import type { UserPage } from "./user";

const inputSchema = z.object({
  query: z.string().max(254).default(""),
  /** The `next` of the page before. */
  after: z.string().max(25).nullable().default(null),
});

const PAGE_SIZE = 50;

/** Users by handle, a page at a time; `query` is part of a handle or e-mail address. @throws AppError sign-in-required, forbidden, database-unavailable */
export async function listUsers(actor: Actor, input: z.input<typeof inputSchema> = {}): Promise<UserPage> {
  requireAdministrator(actor);
  const { query, after } = inputSchema.parse(input);
  const part = { contains: query.trim().toLowerCase() };
  const rows = await database().user.findMany({
    where: {
      ...(query.trim() ? { OR: [{ handle: part }, { email: part }] } : {}),
      ...(after === null ? {} : { handle: { gt: after } }),
    },
    orderBy: { handle: "asc" },
    take: PAGE_SIZE + 1,
    select: {
      handle: true,
      email: true,
      role: true,
      bannedAt: true,
      banReason: true,
      createdAt: true,
      channel: { select: { liveSessions: { where: { openChannelId: { not: null } }, select: { id: true } } } },
    },
  });
  const users = rows.slice(0, PAGE_SIZE).map(({ channel, ...user }) => ({
    ...user,
    role: user.role === "ADMIN" ? ("admin" as const) : ("user" as const),
    bannedAt: user.bannedAt?.toISOString() ?? null,
    createdAt: user.createdAt.toISOString(),
    isLive: (channel?.liveSessions.length ?? 0) > 0,
  }));
  return { users, next: rows.length > PAGE_SIZE ? (users.at(-1)?.handle ?? null) : null };
}
