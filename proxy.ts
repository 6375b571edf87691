import { type NextRequest, NextResponse } from "next/server";
import { systemActor } from "@/lib/auth/actor";
import { checkDatabase } from "@/lib/dal/health/check-database";
import { log } from "@/lib/log";

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

/** Longest that the page of the outage may take to make. */
const pageTimeoutMs = 3000;

/**
 * While the database is away every page is `/unavailable` with status 503: a page's own status is sent before its parts
 * could find out. Addresses stay, so that loading again shows what was asked for.
 */
export async function proxy(request: NextRequest): Promise<Response> {
  return (await isDatabaseWell()) ? NextResponse.next() : unavailable(request);
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
  });
  const asked = new Headers();
  for (const name of ["accept-language", "cookie"]) asked.set(name, request.headers.get(name) ?? "");
  try {
    const page = await fetch(new URL("/unavailable", request.nextUrl.origin), {
      headers: asked,
      cache: "no-store",
      signal: AbortSignal.timeout(pageTimeoutMs),
    });
    return new Response(await page.text(), { status: 503, headers });
  } catch (error) {
    log().warn({ err: error }, "the page of the outage could not be made");
    return new Response("503: the database is away", { status: 503, headers });
  }
}

export const config = {
  // Pages only: no API, no built files, nothing with an extension, no server actions, which answer for themselves, and not the page of the outage.
  matcher: [{ source: "/((?!api/|_next/|unavailable$|.*\\.).*)", missing: [{ type: "header", key: "next-action" }] }],
};
