import "server-only";
import { z } from "zod";
import type { FormCode, FormInvalid } from "@/lib/app-error";
import type { Database } from "@/lib/db";
import { oneLine } from "../one-line";
import { isCommonPassword } from "./common-passwords";

/** Names that addresses of the portal use, and names that pretend to speak for it. */
const reservedHandles = new Set(
  `about abuse account accounts admin administrator admins api app assets auth blog c categories category channel channels
   chat contact dashboard demo_admin embed embeds explore favicon feed follow followers following health help home hls index
   invite live livehouse login logout me media moderator mod new news next null official owner password privacy profile
   public robots root rtmp rules search security self set_up setup settings sign_in sign_out sign_up signin signout signup
   static status stream streamer studio support system team terms undefined user users verify watch webmaster www you`
    .split(/\s+/)
    .filter(Boolean),
);

const emailPattern =
  /^[^\s@<>()[\]\\,;:"]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Handle and e-mail address as they are kept: trimmed, lower case. Longer text than any valid one is cut, and refused for its length. */
export const newAccountSchema = z.object({
  handle: z.string().transform((handle) => handle.slice(0, 300).trim().toLowerCase()),
  email: z.string().transform((email) => normalizeEmail(email.slice(0, 600))),
  password: z.string().transform((password) => password.slice(0, 1_000)),
});

export type NewAccount = z.infer<typeof newAccountSchema>;

export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** What is wrong with an account's fields; null when nothing is. `account` is normalized. */
export function faultsOf(account: NewAccount): FormInvalid | null {
  const fields: FormInvalid["fields"] = {};
  if (!/^[a-z0-9_]{3,25}$/.test(account.handle)) fields.handle = "handle-malformed";
  else if (reservedHandles.has(account.handle)) fields.handle = "handle-reserved";
  const { email } = account;
  if (email.length > 254 || !emailPattern.test(email) || oneLine(email) !== email) fields.email = "email-malformed";
  const password = passwordFault(account.password, account);
  if (password) fields.password = password;
  return Object.keys(fields).length > 0 ? { kind: "invalid", fields } : null;
}

/** What is wrong with a password for this account. */
export function passwordFault(password: string, account: { handle: string; email: string }): FormCode | null {
  const length = [...password].length;
  if (length < 10) return "password-too-short";
  if (length > 200) return "password-too-long";
  const lower = password.toLowerCase();
  const isWeak = lower === account.handle || lower === account.email || isCommonPassword(lower);
  return isWeak ? "password-weak" : null;
}

/** Which of handle and e-mail address somebody already has. */
export async function takenFields(db: Database, account: NewAccount): Promise<FormInvalid | null> {
  const users = await db.user.findMany({
    where: { OR: [{ handle: account.handle }, { email: account.email }] },
    select: { handle: true, email: true },
  });
  if (users.length === 0) return null;
  const fields: FormInvalid["fields"] = {};
  if (users.some(({ handle }) => handle === account.handle)) fields.handle = "handle-taken";
  if (users.some(({ email }) => email === account.email)) fields.email = "email-taken";
  return { kind: "invalid", fields };
}
