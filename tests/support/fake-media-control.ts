import { createServer, type Server } from "node:http";
import { type DisconnectRequest, disconnectRequestSchema } from "@/lib/media-contract/control-calls";
import { SIGNATURE_HEADER, SignatureVerifier } from "@/lib/media-contract/signature";

/** Media's private port as the portal sees it: checks signatures, remembers what it was told to disconnect. */
export class FakeMediaControl {
  readonly disconnected: DisconnectRequest[] = [];
  /** How many of the next calls get no answer at all. */
  silences = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(secret: string): Promise<FakeMediaControl> {
    const verifier = new SignatureVerifier(secret);
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      if (fake.silences > 0) {
        fake.silences -= 1;
        return;
      }
      const call = { method: request.method ?? "", path: request.url ?? "", body };
      const verdict = verifier.verify(String(request.headers[SIGNATURE_HEADER] ?? ""), call, Date.now());
      if (verdict.kind === "invalid" || call.path !== "/disconnect") return response.writeHead(401).end("{}");
      fake.disconnected.push(disconnectRequestSchema.parse(JSON.parse(body)));
      response.end(JSON.stringify({ kind: "disconnected" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (!address || typeof address === "string") throw new Error("the fake media control port has no port");
    const fake = new FakeMediaControl(server, `http://127.0.0.1:${address.port}`);
    return fake;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
