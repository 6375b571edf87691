import { createServer } from "node:net";

/** Why nothing could listen on this port and address now (`EADDRINUSE`, `EACCES`, `ENOTFOUND` …); null when it could. */
export function findPortFault(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

/** Whether something could listen on this port and address now. */
export async function isPortFree(port: number, host: string): Promise<boolean> {
  return (await findPortFault(port, host)) === null;
}

/** A port that nothing listens on at the moment. */
export function findFreePort(host = "127.0.0.1"): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port: 0, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
