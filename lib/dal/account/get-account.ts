import "server-only";
import { AppError } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import { requireUser } from "@/lib/auth/require";
import { database } from "@/lib/db";
import type { Account } from "./account";

/** The caller's own account. @throws AppError sign-in-required, database-unavailable */
export async function getAccount(actor: Actor): Promise<Account> {
  const { userId } = requireUser(actor);
  const user = await database().user.findUnique({
    where: { id: userId },
    select: { handle: true, email: true, displayName: true, role: true, createdAt: true },
  });
  if (!user) throw new AppError("sign-in-required");
  return { ...user, role: user.role === "ADMIN" ? "admin" : "user", createdAt: user.createdAt.toISOString() };
}
