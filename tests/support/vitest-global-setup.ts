import { createServer, type IncomingMessage } from "node:http";
import type { TestProject } from "vitest/node";
import { ThrowawayPostgres } from "./throwaway-postgres";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where `throwawayDatabase` asks for databases. */
    throwawayDatabases: string;
  }
}

/** Serves throwaway databases to the test files; a run that asks for none starts no Postgres. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<ThrowawayPostgres> | undefined;
  async function answer({ method, url = "" }: IncomingMessage): Promise<unknown> {
    starting ??= ThrowawayPostgres.start();
    const postgres = await starting;
    if (method === "POST") return postgres.createDatabase();
    await postgres.dropDatabase(url.replace("/databases/", ""));
    return {};
  }
  const server = createServer((request, response) => {
    answer(request).then(
      (body) => response.end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("The server of throwaway databases has no port.");
  project.provide("throwawayDatabases", `http://127.0.0.1:${address.port}`);
  return async () => {
    server.closeAllConnections();
    server.close();
    await (await starting)?.stop();
  };
}
