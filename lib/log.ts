import { type Logger, pino } from "pino";
import { env } from "./env";

let logger: Logger | null = null;

/** The portal's log: JSON lines on standard output. Secrets that might slip in by name are cut. */
export function log(): Logger {
  logger ??= pino({
    name: "portal",
    level: env().LOG_LEVEL,
    redact: { paths: ["password", "streamKey", "token", "*.password", "*.streamKey", "*.token"], censor: "[cut]" },
  });
  return logger;
}
