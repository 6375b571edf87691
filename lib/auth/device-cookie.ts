import "server-only";
import { cookies } from "next/headers";
import { decode, encode } from "next-auth/jwt";
import { z } from "zod";
import { env } from "@/lib/env";
import { ownCookieName, usesSecureCookies } from "./session-cookie";

const DEVICE_SECONDS = 180 * 24 * 3600;

/** Another salt than a session's: neither token opens as the other. */
const SALT = "livehouse.device";

const claimsSchema = z.object({ sub: z.uuid(), deviceId: z.uuid() });

/** A browser in which somebody has signed in to this account before. It opens nothing; it only isn't a stranger. */
export type Device = { userId: string; deviceId: string };

export function deviceCookieName(): string {
  return ownCookieName("livehouse.device");
}

export function sealDevice({ userId, deviceId }: Device): Promise<string> {
  return encode({ secret: env().AUTH_SECRET, salt: SALT, maxAge: DEVICE_SECONDS, token: { sub: userId, deviceId } });
}

/** The device of a token; null when there is none, or it is forged or too old. */
export async function openDevice(token: string | undefined): Promise<Device | null> {
  if (!token) return null;
  // next-auth throws on every token that it can't decrypt; that is a stranger, not a fault.
  const claims = await decode({ secret: env().AUTH_SECRET, salt: SALT, token }).catch(() => null);
  const parsed = claimsSchema.safeParse(claims);
  return parsed.success ? { userId: parsed.data.sub, deviceId: parsed.data.deviceId } : null;
}

/** The caller's. Server actions and route handlers only. */
export async function currentDevice(): Promise<Device | null> {
  return openDevice((await cookies()).get(deviceCookieName())?.value);
}

/** Remembers that this browser belongs to the account; outlives a sign-out. Server actions and route handlers only. */
export async function rememberDevice(userId: string): Promise<void> {
  const known = await currentDevice();
  const deviceId = known?.userId === userId ? known.deviceId : crypto.randomUUID();
  (await cookies()).set(deviceCookieName(), await sealDevice({ userId, deviceId }), {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure: usesSecureCookies(),
    maxAge: DEVICE_SECONDS,
  });
}
