import { type IncomingHttpHeaders, request } from "node:http";

export type WebAnswer = { status: number; headers: IncomingHttpHeaders; setCookies: string[]; body: string };
export type WebRequest = { method?: string; headers?: Record<string, string>; body?: string | Buffer };

const TIMEOUT_MS = 15_000;

/** Asks a web server as no browser would let a page do it: any Host, any Origin, any path, and no redirect is followed. */
export function ask(baseUrl: string, path: string, { method = "GET", headers = {}, body }: WebRequest = {}) {
  const { hostname, port } = new URL(baseUrl);
  return new Promise<WebAnswer>((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers, agent: false, timeout: TIMEOUT_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          setCookies: response.headers["set-cookie"] ?? [],
          body: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    sent.on("timeout", () => sent.destroy(new Error(`${method} ${path}: no answer within ${TIMEOUT_MS} ms`)));
    sent.on("error", reject);
    sent.end(body);
  });
}

/** A Cookie header of what an answer set. */
export function cookiesOf(answer: WebAnswer): string {
  return answer.setCookies.map((line) => line.split(";")[0]).join("; ");
}
