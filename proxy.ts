import { type NextRequest, NextResponse } from "next/server";
import { systemActor } from "@/lib/auth/actor";
import { callerOf } from "@/lib/auth/caller";
import { checkDatabase } from "@/lib/dal/health/check-database";
import { hlsAddress } from "@/lib/dal/live/playlist-url";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { contentSecurityPolicy, cspSource } from "@/lib/web/content-security-policy";
import { isForeignWrite } from "@/lib/web/is-foreign-write";
import { ownAddress } from "@/lib/web/own-address";

/** How long one answer of the database counts, so that a page does not cost a second question. */
const rememberedMs = 1000;

/** While the database is known to be away, nobody waits longer than this to hear that it still is. */
const patienceMs = 400;

let newest: { askedAtMs: number; isWell: Promise<boolean> } | null = null;
let wasWell = true;

async function isDatabaseWell(): Promise<boolean> {
  const nowMs = performance.now();
  if (!newest || nowMs - newest.askedAtMs > rememberedMs) {
    newest = { askedAtMs: nowMs, isWell: ask() };
  }
  return wasWell ? newest.isWell : Promise.race([newest.isWell, falseAfter(patienceMs)]);
}

async function ask(): Promise<boolean> {
  // A defect of the check itself must not take the pages away: they find out for themselves.
  wasWell = await checkDatabase(systemActor).catch(() => true);
  return wasWell;
}

function falseAfter(ms: number): Promise<boolean> {
  return new Promise((resolve) => setTimeout(resolve, ms, false));
}

/** Below it are the pages that may stand in other sites' frames. */
const embed = "/embed/";

/** Longest that the page of the outage may take to make. */
const pageTimeoutMs = 3000;

/**
 * What every page and every write goes through. A write from another site's page is refused. While the database is away every
 * page is `/unavailable` with status 503: a page's own status is sent before its parts could find out. Addresses stay, so
 * that loading again shows what was asked for. Server actions answer for themselves.
 */
export async function proxy(request: NextRequest): Promise<Response> {
  // Next's own hand-over of an action between pages: no other site's page can send this header unasked.
  const isHandedOver = request.headers.has("x-action-forwarded");
  if (!isHandedOver && isForeignWrite(request, env().PUBLIC_URL)) {
    return withTransport(new Response("403: not sent from a page of this site", { status: 403 }));
  }
  const { pathname } = request.nextUrl;
  if (pathname.startsWith("/api/")) return withTransport(NextResponse.next());
  const isAboutOutage = pathname === "/unavailable";
  const answers = isAboutOutage || request.headers.has("next-action") || (await isDatabaseWell());
  return withTransport(answers ? page(request) : await unavailable(request));
}

/** Next takes the nonce for its scripts from the policy among the request's headers. */
function page(request: NextRequest): Response {
  const policy = contentSecurityPolicy({
    nonce: Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64"),
    hlsSource: cspSource(hlsAddress(callerOf(request.headers))),
    mayBeFramed: request.nextUrl.pathname.startsWith(embed),
    isDev: process.env.NODE_ENV === "development",
  });
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

// Only where the whole site is reached by https: a browser remembers it for a year.
function withTransport(response: Response): Response {
  if (env().PUBLIC_URL?.startsWith("https:")) response.headers.set("strict-transport-security", "max-age=31536000");
  return response;
}

/**
 * Fetches the page instead of rewriting to it: when Next 16.4 listens on a loopback address, it takes its own rewrite
 * (whose host then reads `localhost`) for one to another server and asks itself in circles until a time-out.
 */
async function unavailable(request: NextRequest): Promise<Response> {
  const headers = new Headers({
    "cache-control": "no-store",
    "retry-after": "5",
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  });
  const asked = new Headers();
  for (const name of ["accept-language", "cookie"]) asked.set(name, request.headers.get(name) ?? "");
  try {
    const made = await fetch(`${ownAddress()}/unavailable`, {
      headers: asked,
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(pageTimeoutMs),
    });
    const policy = made.headers.get("content-security-policy");
    const isFrame = request.nextUrl.pathname.startsWith(embed);
    if (policy)
      headers.set("content-security-policy", isFrame ? policy.replace(/; frame-ancestors [^;]*/, "") : policy);
    return new Response(await made.text(), { status: 503, headers });
  } catch (error) {
    log().warn({ err: error }, "the page of the outage could not be made");
    return new Response("503: the database is away", { status: 503, headers });
  }
}

export const config = {
  // Pages, and the one API that browsers post to. Not built files, nor media's calls, which are signed.
  matcher: ["/((?!api/|_next/|icon\\.svg$).*)", "/api/auth/:path*"],
};
