import "server-only";
import { hash, verify } from "@node-rs/argon2";

// argon2id is the package's default algorithm; OWASP's second choice of its parameters: 19 MiB, 2 passes, 1 lane.
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize("NFKC"), options);
}

let dummyHash: Promise<string> | null = null;

/** `passwordHash` null: nobody has that name. Takes as long as a real check, so that time doesn't tell. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  dummyHash ??= hashPassword(crypto.randomUUID());
  const isRight = await verify(passwordHash ?? (await dummyHash), password.normalize("NFKC"));
  return isRight && passwordHash !== null;
}
