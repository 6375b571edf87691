import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { parseEnv } from "node:util";
import { z } from "zod";
import { PlainError } from "./plain-error";
import { PROJECT_ROOT } from "./project-root";

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((value) => value >= 1 && value <= 65_535);
const PORT_FORM = "must be a whole number from 1 to 65535";
const portSetting = (defaultPort: number) => port.default(defaultPort).meta({ form: PORT_FORM });
const wholeNumber = (least: number, most: number, otherwise: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most)
    .default(otherwise)
    .meta({ form: `must be a whole number from ${least} to ${most}` });
const secret = z.string().min(32).optional().meta({ form: "must have at least 32 characters", isSecret: true });
const publicAddress = (protocol: RegExp, form: string) =>
  z
    .url({ protocol })
    .transform((url) => url.replace(/\/+$/, ""))
    .optional()
    .meta({ form });
const directory = z.string().transform((path) => (isAbsolute(path) ? path : resolve(PROJECT_ROOT, path)));

const settingsSchema = z.object({
  HOST: z.string().default("0.0.0.0"),
  PORT: portSetting(3000),
  MEDIA_PORT: portSetting(8000),
  RTMP_PORT: portSetting(1935),
  RTMPS_PORT: port.optional().meta({ form: PORT_FORM }),
  TLS_CERT: directory.optional(),
  TLS_KEY: directory.optional(),
  MEDIA_CONTROL_PORT: portSetting(8001),
  MEDIA_CONTROL_HOST: z.string().default("127.0.0.1"),
  DATA_DIR: directory.default(resolve(PROJECT_ROOT, ".data")),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .meta({ form: "must be an address such as postgresql://user:password@host:5432/livehouse", isSecret: true }),
  AUTH_SECRET: secret,
  MEDIA_SECRET: secret,
  KEY_SECRET: secret,
  PUBLIC_URL: publicAddress(/^https?$/, "must be an address such as https://live.example.org"),
  PUBLIC_HLS_URL: publicAddress(/^https?$/, "must be an address such as https://cdn.example.org"),
  PUBLIC_RTMP_URL: publicAddress(/^rtmps?$/, "must be an address such as rtmp://live.example.org:1935/live"),
  /** Where the portal finds media, and media the portal, when they do not run on one machine. */
  MEDIA_CONTROL_URL: publicAddress(/^https?$/, "must be an address such as http://media:8001"),
  PORTAL_URL: publicAddress(/^https?$/, "must be an address such as http://portal:3000"),
  TRUSTED_PROXY: z.enum(["0", "1", "false", "true"]).default("0").meta({ form: "must be 1 or 0" }),
  PART_TARGET_MS: wholeNumber(100, 1000, 200),
  SEGMENT_SECONDS: wholeNumber(1, 10, 2),
  WINDOW_SECONDS: wholeNumber(20, 21_600, 600),
  WINDOW_MEGABYTES: wholeNumber(16, 65_536, 1024),
  MAX_PUBLISH_KBPS: wholeNumber(100, 1_000_000, 60_000),
  MAX_WAITING_PER_ADDRESS: wholeNumber(1, 10_000, 2_000),
  ADMIN_EMAIL: z.email().optional().meta({ form: "must be an e-mail address" }),
  ADMIN_PASSWORD: z.string().optional().meta({ isSecret: true }),
  FFMPEG_PATH: z.string().default("ffmpeg"),
  LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .default("info")
    .meta({ form: "must be one of fatal, error, warn, info, debug, trace, silent" }),
});

/** Every setting under its own name, defaults filled in; paths are absolute. Secrets may be unset (`completeSettings`). */
export type Settings = z.infer<typeof settingsSchema>;

/**
 * Reads the settings: the environment first, then `.env` beside package.json (or the file that ENV_FILE
 * names). An empty one counts as unset.
 * @throws PlainError that names each wrong one and where it was set; the value of a secret is never shown
 */
export function readSettings(
  environment: NodeJS.Dict<string> = process.env,
  file = environment.ENV_FILE || `${PROJECT_ROOT}/.env`,
): Settings {
  const fromFile = existsSync(file) ? withoutEmpty(parseEnv(readFileSync(file, "utf8"))) : {};
  const fromEnvironment = withoutEmpty(environment);
  const given: Record<string, string> = { ...fromFile, ...fromEnvironment };
  const result = settingsSchema.safeParse(given);
  const source = (name: string) => (name in fromEnvironment ? "the environment" : ".env");
  if (!result.success) {
    const names = new Set(result.error.issues.map((issue) => String(issue.path[0])));
    throw new PlainError([...names].map((name) => describeFault(name, given[name] ?? "", source(name))).join("\n"));
  }
  refuseContradictions(result.data);
  return result.data;
}

function withoutEmpty(values: NodeJS.Dict<string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1])));
}

function describeFault(name: string, value: string, source: string): string {
  const field = settingsSchema.shape[name as keyof typeof settingsSchema.shape];
  const { form = "is not valid", isSecret = false } = (field?.meta() ?? {}) as { form?: string; isSecret?: boolean };
  return `${name} ${form}${isSecret ? "" : `, but is "${value}"`} (set in ${source}).`;
}

function refuseContradictions(settings: Settings): void {
  const names = ["PORT", "MEDIA_PORT", "MEDIA_CONTROL_PORT", "RTMP_PORT", "RTMPS_PORT"] as const;
  for (const [index, name] of names.entries()) {
    const twin = names.slice(0, index).find((other) => settings[other] === settings[name]);
    if (twin && settings[name])
      throw new PlainError(`${twin} and ${name} are both ${settings[name]}: give each its own.`);
  }
  if (settings.RTMPS_PORT) {
    for (const name of ["TLS_CERT", "TLS_KEY"] as const) {
      const file = settings[name];
      if (!file) throw new PlainError(`RTMPS_PORT is set, so ${name} must name a PEM file.`);
      if (!existsSync(file)) throw new PlainError(`${name} names ${file}, which does not exist.`);
    }
  }
  if (Boolean(settings.ADMIN_EMAIL) !== Boolean(settings.ADMIN_PASSWORD)) {
    throw new PlainError("ADMIN_EMAIL and ADMIN_PASSWORD make the first administrator together: set both or neither.");
  }
}
