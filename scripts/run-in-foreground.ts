import { spawn } from "node:child_process";
import { PROJECT_ROOT } from "./project-root";

/**
 * Runs `node ARGS…` with our input and output until it ends, and ends with its exit code; a container's one process.
 * SIGINT and SIGTERM are passed on, and a stop that was asked for is exit code 0.
 */
export function runInForeground(args: string[], environment: NodeJS.ProcessEnv): Promise<never> {
  const child = spawn(process.execPath, args, {
    cwd: PROJECT_ROOT,
    env: { ...environment, LIVEHOUSE_SUPERVISOR: String(process.pid) },
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  let isStopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      isStopping = true;
      child.kill(signal);
    });
  }
  return new Promise((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => process.exit(isStopping ? 0 : (code ?? 1)));
  });
}
