import "server-only";
import { isAppError } from "@/lib/app-error";
import type { Actor } from "@/lib/auth/actor";
import { database } from "@/lib/db";

/** Does the database answer right now? Public; within the database client's own time limits. */
export async function checkDatabase(_actor: Actor): Promise<boolean> {
  try {
    await database().$queryRaw`SELECT 1`;
    return true;
  } catch (error) {
    if (isAppError(error, "database-unavailable")) return false;
    throw error;
  }
}
