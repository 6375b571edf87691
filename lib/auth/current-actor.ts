import "server-only";
import { cookies, headers } from "next/headers";
import { cache } from "react";
import type { Actor } from "./actor";
import { callerOf } from "./caller";
import { findSignedIn } from "./find-signed-in";
import { openSession, sessionCookieName } from "./session-cookie";

/**
 * Who is calling, checked against the database on each request: a session counts only while its version is the
 * account's and the account isn't banned. Asked once a request however often it is called.
 * @throws AppError database-unavailable for callers that have a session
 */
export const currentActor = cache(async (): Promise<Actor> => {
  const caller = callerOf(await headers());
  const token = (await cookies()).get(sessionCookieName())?.value;
  const session = token ? await openSession(token) : null;
  return (session && (await findSignedIn(session, caller))) ?? { ...caller, kind: "visitor" };
});
