import "server-only";
import { database } from "@/lib/db";
import type { Caller, SignedIn } from "./actor";
import type { Session } from "./session";

/** The account behind a session; null when the session is of an older version, or the account is banned or gone. */
export async function findSignedIn(session: Session, caller: Caller): Promise<SignedIn | null> {
  const user = await database().user.findUnique({
    where: { id: session.userId },
    select: { id: true, handle: true, role: true, sessionVersion: true, bannedAt: true },
  });
  if (!user || user.bannedAt || user.sessionVersion !== session.sessionVersion) return null;
  return {
    address: caller.address,
    hostName: caller.hostName,
    kind: "user",
    userId: user.id,
    handle: user.handle,
    role: user.role === "ADMIN" ? "admin" : "user",
    sessionVersion: user.sessionVersion,
  };
}
