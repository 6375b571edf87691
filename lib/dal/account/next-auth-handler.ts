import "server-only";
import type { NextRequest } from "next/server";
import NextAuth, { type NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { callerOf } from "@/lib/auth/caller";
import { deviceCookieName, openDevice } from "@/lib/auth/device-cookie";
import { SESSION_SECONDS, sessionCookieName, usesSecureCookies } from "@/lib/auth/session-cookie";
import { env } from "@/lib/env";
import { signIn } from "./sign-in";

function options(request: NextRequest): NextAuthOptions {
  return {
    secret: env().AUTH_SECRET,
    session: { strategy: "jwt", maxAge: SESSION_SECONDS },
    useSecureCookies: usesSecureCookies(),
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/" },
    providers: [
      Credentials({
        credentials: { email: { type: "email" }, password: { type: "password" } },
        // The same verb as the sign-in form: the same limits, the same answers.
        authorize: async (credentials) => {
          const actor = { kind: "visitor" as const, ...callerOf(request.headers) };
          const device = await openDevice(request.cookies.get(deviceCookieName())?.value);
          const input = { email: credentials?.email ?? "", password: credentials?.password ?? "" };
          const outcome = await signIn(actor, input, device);
          if (outcome.kind === "invalid") return null;
          const { userId, handle, sessionVersion } = outcome.session;
          return { id: userId, name: handle, handle, sessionVersion };
        },
      }),
    ],
    cookies: {
      sessionToken: {
        name: sessionCookieName(),
        options: { httpOnly: true, sameSite: "lax", path: "/", secure: usesSecureCookies() },
      },
    },
    callbacks: {
      jwt: ({ token, user }) => (user && "sessionVersion" in user ? { ...token, ...claimsOf(user) } : token),
      // Says only what the visitor knows already; whether the session still counts is decided by the database.
      session: ({ session, token }) => ({ expires: session.expires, user: { name: String(token.handle ?? "") } }),
    },
  };
}

function claimsOf(user: object): { handle: unknown; sessionVersion: unknown } {
  const { handle, sessionVersion } = user as Record<string, unknown>;
  return { handle, sessionVersion };
}

type Context = { params: Promise<{ nextauth: string[] }> };

const MOST_BODY_BYTES = 16 * 1024;

/** next-auth's own endpoints: sign-in and sign-out with its CSRF token, and the session. */
export async function nextAuthHandler(request: NextRequest, context: Context): Promise<Response> {
  // next-auth reads the whole body, so its length has to be known and small.
  const length = Number(request.headers.get("content-length") ?? Number.NaN);
  if (request.method === "POST" && !(length <= MOST_BODY_BYTES)) return new Response(null, { status: 413 });
  return NextAuth(request, context, options(request));
}
