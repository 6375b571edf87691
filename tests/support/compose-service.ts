import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { PROJECT_ROOT } from "@/scripts/project-root";

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      command: z.array(z.string()).optional(),
      environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
      healthcheck: z.object({ test: z.array(z.string()) }),
      volumes: z.array(z.string()).default([]),
    }),
  ),
});

/** What docker-compose.yml says of a service, its variables filled in as compose does. */
export interface ComposeService {
  command: string[];
  environment: Record<string, string>;
  healthCheck: string[];
}

/** @param variables what `.env` would hold */
export function readComposeService(name: string, variables: Record<string, string>): ComposeService {
  const document: unknown = parse(readFileSync(join(PROJECT_ROOT, "docker-compose.yml"), "utf8"));
  const service = composeSchema.parse(document).services[name];
  if (!service?.command) throw new Error(`docker-compose.yml has no command for ${name}.`);
  const entries = Object.entries(service.environment).map(([key, value]) => [key, fillIn(String(value), variables)]);
  return {
    command: service.command,
    environment: Object.fromEntries(entries),
    healthCheck: service.healthcheck.test.slice(1),
  };
}

/** `${NAME}`, `${NAME:-default}` and `${NAME:?message}`. */
function fillIn(text: string, variables: Record<string, string>): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind?: string, rest = "") => {
    const value = variables[name];
    if (value) return value;
    if (kind === "?") throw new Error(rest);
    return kind === "-" ? rest : "";
  });
}

/** A command of docker-compose.yml that runs by hand, with nothing of our own environment but the PATH. */
export class ComposeProcess {
  log = "";
  readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(command: string[], environment: Record<string, string>) {
    const [program = "", ...args] = command;
    const env = { PATH: process.env.PATH, NODE_ENV: "production" as const, ...environment };
    this.child = spawn(program, args, { cwd: PROJECT_ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.log = (this.log + chunk.toString()).slice(-64_000);
      });
    }
    this.exited = new Promise((resolve, reject) => this.child.once("error", reject).once("close", resolve));
  }

  /** Stops it as `docker stop` does. @returns its exit code; null when it had to be killed */
  async stop(): Promise<number | null> {
    this.child.kill("SIGTERM");
    const deadline = setTimeout(() => this.child.kill("SIGKILL"), 15_000);
    const code = await this.exited;
    clearTimeout(deadline);
    return code;
  }
}
