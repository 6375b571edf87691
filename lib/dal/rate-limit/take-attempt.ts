import "server-only";
import { createHash } from "node:crypto";
import { database } from "@/lib/db";

export type Limit = { name: string; attempts: number; windowSeconds: number };

export const limits = {
  signInByAddress: { name: "sign-in-address", attempts: 60, windowSeconds: 900 },
  signInByPair: { name: "sign-in-pair", attempts: 10, windowSeconds: 900 },
  signInByAccount: { name: "sign-in-account", attempts: 100, windowSeconds: 3600 },
  signInByDevice: { name: "sign-in-device", attempts: 10, windowSeconds: 900 },
  signUpByAddress: { name: "sign-up-address", attempts: 40, windowSeconds: 3600 },
  setUpByAddress: { name: "set-up-address", attempts: 20, windowSeconds: 900 },
  passwordByAccount: { name: "password-account", attempts: 10, windowSeconds: 900 },
} satisfies Record<string, Limit>;

// Hashed: the table doesn't collect who tried which e-mail address.
function bucketOf(limit: Limit, subject: string): string {
  return `${limit.name}:${createHash("sha256").update(subject).digest("base64url")}`;
}

/**
 * Counts one attempt in the subject's current window, in a statement of its own, so that attempts at once can't slip
 * through and a failing transaction doesn't give them back. False when there were too many. A window that would last
 * longer than it may is from before the clock was set back: it is over, or nobody could sign in until then.
 */
export async function takeAttempt(limit: Limit, subject: string): Promise<boolean> {
  const rows = await database().$queryRaw<{ count: number }[]>`
    INSERT INTO rate_limits AS r (bucket, count, expires_at)
    VALUES (${bucketOf(limit, subject)}, 1, clock_timestamp() + make_interval(secs => ${limit.windowSeconds}))
    ON CONFLICT (bucket) DO UPDATE
       SET count = CASE WHEN r.expires_at BETWEEN clock_timestamp() AND excluded.expires_at + interval '1 second'
                        THEN least(r.count, 1000000) + 1 ELSE 1 END,
           expires_at = CASE WHEN r.expires_at BETWEEN clock_timestamp() AND excluded.expires_at + interval '1 second'
                             THEN r.expires_at ELSE excluded.expires_at END
    RETURNING count`;
  return (rows[0]?.count ?? Number.POSITIVE_INFINITY) <= limit.attempts;
}

/** Gives one attempt back: it was rightful. */
export async function returnAttempt(limit: Limit, subject: string): Promise<void> {
  await database().$executeRaw`
    UPDATE rate_limits SET count = count - 1 WHERE bucket = ${bucketOf(limit, subject)} AND count > 0`;
}

/** One subject an address; an IPv6 customer has a whole /64. Callers without a known address share one. */
export function subjectOf(address: string | null): string {
  if (!address) return "unknown";
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("%")[0]?.split("::") ?? [];
  const left = head.split(":").filter(Boolean);
  const right = tail === undefined ? [] : tail.split(":").filter(Boolean);
  const full =
    tail === undefined ? left : [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right];
  return `${full.slice(0, 4).join(":")}::/64`;
}
