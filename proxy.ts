import { type NextRequest, NextResponse } from "next/server";
import { systemActor } from "@/lib/auth/actor";
import { checkDatabase } from "@/lib/dal/health/check-database";

/** How long one answer of the database counts, so that a page does not cost a second question. */
const rememberedMs = 1000;

/** While the database is known to be away, nobody waits longer than this to hear that it still is. */
const patienceMs = 400;

let newest: { askedAtMs: number; isWell: Promise<boolean> } | null = null;
let wasWell = true;

async function isDatabaseWell(): Promise<boolean> {
  const nowMs = Date.now();
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

/**
 * While the database is away every page is `/unavailable` with status 503: a page's own status is sent before its parts
 * could find out. Addresses stay, so that loading again shows what was asked for.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  if (await isDatabaseWell()) return NextResponse.next();
  return NextResponse.rewrite(new URL("/unavailable", request.url), {
    status: 503,
    headers: { "cache-control": "no-store", "retry-after": "5" },
  });
}

export const config = {
  // Pages only: no API, no built files, nothing with an extension, and no server actions, which answer for themselves.
  matcher: [{ source: "/((?!api/|_next/|.*\\.).*)", missing: [{ type: "header", key: "next-action" }] }],
};
