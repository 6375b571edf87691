import { stat } from "node:fs/promises";
import { runCommand } from "./run-command";

const schemaPath = "prisma/schema.prisma";
const clientPath = "lib/generated/prisma/client.ts";

/** Makes the Prisma client when it is missing or older than the schema. @throws Error with what Prisma said */
export async function ensureGeneratedClient(): Promise<void> {
  const made = await stat(clientPath).catch(() => null);
  if (made && made.mtimeMs >= (await stat(schemaPath)).mtimeMs) return;
  // `generate` never starts the engine binary but insists on having one, and the download needs the internet.
  const { exitCode, output } = await runCommand("node_modules/.bin/prisma", ["generate"], {
    env: { PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true", CHECKPOINT_DISABLE: "1" },
    output: "collect",
    timeoutMs: 60_000,
  });
  if (exitCode !== 0) throw new Error(`The Prisma client could not be made.\n${output}`);
}
