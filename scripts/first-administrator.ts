import { createHash, randomBytes } from "node:crypto";
import type { Client } from "pg";
import type { FormInvalid } from "@/lib/app-error";
import type { CompleteSettings } from "./complete-settings";
import { connectPatiently } from "./connect-patiently";
import { sentenceOf } from "./livehouse/outcome";
import { PlainError } from "./plain-error";
import { portalEnvironment } from "./process-environment";

export type FirstAdministrator =
  | { kind: "exists" }
  | { kind: "made"; email: string; handle: string }
  /** For the set-up link; only its hash is kept, so it can never be shown again. */
  | { kind: "token"; token: string };

/**
 * Sees to it that there can be an administrator: nothing when there is one; makes the one of ADMIN_EMAIL and
 * ADMIN_PASSWORD; else puts a new one-time token in place, which makes the ones of earlier starts worthless.
 * @throws PlainError when that e-mail address or password will not do
 */
export async function ensureFirstAdministrator(
  settings: CompleteSettings,
  databaseUrl: string,
): Promise<FirstAdministrator> {
  const client = await connectPatiently(databaseUrl);
  try {
    if (await hasAdministrator(client)) return { kind: "exists" };
    const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = settings;
    if (!email || !password) return { kind: "token", token: await putToken(client) };
    const made = await makeAdministrator(settings, databaseUrl, email, password);
    if (made.kind === "made") return made;
    // Another portal, started at the same time, may have been first.
    if (await hasAdministrator(client)) return { kind: "exists" };
    throw new PlainError(describeFault(made));
  } finally {
    await client.end();
  }
}

async function hasAdministrator(client: Client): Promise<boolean> {
  const { rowCount } = await client.query(`SELECT 1 FROM users WHERE role = 'ADMIN' LIMIT 1`);
  return rowCount === 1;
}

/** The setting that `setUpFirstAdministrator` reads: SHA-256 of the token, hexadecimal. */
async function putToken(client: Client): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  const hash = createHash("sha256").update(token).digest("hex");
  await client.query(
    `INSERT INTO settings (name, value, updated_at) VALUES ('setup-token-hash', $1, now())
     ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`,
    [JSON.stringify(hash)],
  );
  return token;
}

async function makeAdministrator(
  settings: CompleteSettings,
  databaseUrl: string,
  email: string,
  password: string,
): Promise<Extract<FirstAdministrator, { kind: "made" }> | FormInvalid> {
  Object.assign(process.env, portalEnvironment(settings, databaseUrl));
  const [{ createUser }, { systemActor }, { closeDatabase }] = await Promise.all([
    import("@/lib/dal/user/create-user"),
    import("@/lib/auth/actor"),
    import("@/lib/db"),
  ]);
  try {
    let refusal: FormInvalid | null = null;
    for (const handle of handlesFor(email)) {
      const outcome = await createUser(systemActor, { handle, email, password, role: "admin" });
      if (outcome.kind === "done") return { kind: "made", email: outcome.user.email, handle: outcome.user.handle };
      refusal = outcome;
      // Another name helps only where the name is what is wrong.
      if (outcome.form || Object.keys(outcome.fields).some((field) => field !== "handle")) break;
    }
    return refusal ?? { kind: "invalid", fields: {} };
  } finally {
    await closeDatabase();
  }
}

/** Names made from the e-mail address, best first. */
export function handlesFor(email: string): string[] {
  const local = email
    .toLowerCase()
    .replace(/@.*$/, "")
    .replace(/[^a-z0-9_]+/g, "_");
  const base = `${local}___`.slice(0, Math.max(3, Math.min(local.length, 20)));
  return [base, ...Array.from({ length: 9 }, (_, index) => `${base}_${index + 1}`)];
}

function describeFault({ fields, form }: FormInvalid): string {
  if (fields.password) return `ADMIN_PASSWORD cannot be used. ${sentenceOf(fields.password)}`;
  if (fields.email === "email-taken") {
    return 'ADMIN_EMAIL belongs to a user who is no administrator: unset it, and make one with "npm run livehouse -- user create … --role admin".';
  }
  if (fields.email) return `ADMIN_EMAIL cannot be used. ${sentenceOf(fields.email)}`;
  return `The administrator of ADMIN_EMAIL could not be made (${form ?? fields.handle ?? "unknown"}).`;
}
