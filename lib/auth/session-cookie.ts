import "server-only";
import { cookies } from "next/headers";
import { decode, encode } from "next-auth/jwt";
import { z } from "zod";
import { env } from "@/lib/env";
import type { Session } from "./session";

/** How long a sign-in lasts unless the session version ends it before. */
export const SESSION_SECONDS = 30 * 24 * 3600;

const claimsSchema = z.object({ sub: z.uuid(), handle: z.string(), sessionVersion: z.int() });

/** True when the portal is reached by https, so that cookies may insist on it. */
export function usesSecureCookies(): boolean {
  return env().PUBLIC_URL?.startsWith("https:") ?? false;
}

/** The name's prefix has browsers see to it that no other host and no plain http can set the cookie (RFC 6265bis, 4.1.3.2). */
export function ownCookieName(name: string): string {
  return `${usesSecureCookies() ? "__Host-" : ""}${name}`;
}

/** next-auth's own cookie, so that its endpoints and ours share one session. */
export function sessionCookieName(): string {
  return ownCookieName("next-auth.session-token");
}

/** An encrypted next-auth token that says who signed in and under which session version. */
export function sealSession(session: Session): Promise<string> {
  return encode({
    secret: env().AUTH_SECRET,
    maxAge: SESSION_SECONDS,
    token: { sub: session.userId, handle: session.handle, sessionVersion: session.sessionVersion },
  });
}

/** The session of a token; null when it is forged, malformed or too old. */
export async function openSession(token: string): Promise<Session | null> {
  // next-auth throws on every token that it can't decrypt; that is a visitor, not a fault.
  const claims = await decode({ secret: env().AUTH_SECRET, token }).catch(() => null);
  const parsed = claimsSchema.safeParse(claims);
  if (!parsed.success) return null;
  return { userId: parsed.data.sub, handle: parsed.data.handle, sessionVersion: parsed.data.sessionVersion };
}

/** Server actions and route handlers only. */
export async function setSessionCookie(session: Session): Promise<void> {
  const store = await cookies();
  store.set(sessionCookieName(), await sealSession(session), {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure: usesSecureCookies(),
    maxAge: SESSION_SECONDS,
  });
}

/** Server actions and route handlers only. */
export async function clearSessionCookie(): Promise<void> {
  const store = await cookies();
  store.set(sessionCookieName(), "", {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure: usesSecureCookies(),
    maxAge: 0,
  });
}
