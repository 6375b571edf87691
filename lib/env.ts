import { z } from "zod";

const port = z.coerce.number().int().min(1).max(65_535);
const secret = z.string().min(32, "must have at least 32 characters");
const flag = z.enum(["", "0", "1", "false", "true"]).transform((value) => value === "1" || value === "true");
const publicAddress = (protocols: RegExp) =>
  z
    .url({ protocol: protocols })
    .transform((url) => url.replace(/\/+$/, ""))
    .optional();

const envSchema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  AUTH_SECRET: secret,
  MEDIA_SECRET: secret,
  KEY_SECRET: secret,
  MEDIA_CONTROL_URL: z.url({ protocol: /^https?$/ }).default("http://127.0.0.1:8001"),
  HOST: z.string().default("0.0.0.0"),
  PORT: port.default(3000),
  MEDIA_PORT: port.default(8000),
  RTMP_PORT: port.default(1935),
  PUBLIC_URL: publicAddress(/^https?$/),
  PUBLIC_HLS_URL: publicAddress(/^https?$/),
  PUBLIC_RTMP_URL: publicAddress(/^rtmps?$/),
  /** One proxy stands in front and appends the caller's address to X-Forwarded-For. */
  TRUSTED_PROXY: flag.default(false),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

export type Env = z.infer<typeof envSchema>;

let parsed: Env | null = null;

/**
 * The portal's settings, validated at first use. Empty values count as unset.
 * @throws Error that names each wrong setting, never its value
 */
export function env(): Env {
  if (parsed) return parsed;
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ""));
  const result = envSchema.safeParse(given);
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`Wrong settings. ${faults.join("; ")}`);
  }
  parsed = result.data;
  tellNextAuth(parsed);
  return parsed;
}

// next-auth reads its own origin from the environment: a fixed one behind a proxy, otherwise whatever name it is reached by.
function tellNextAuth(settings: Env): void {
  if (settings.PUBLIC_URL) process.env.NEXTAUTH_URL ??= settings.PUBLIC_URL;
  else process.env.AUTH_TRUST_HOST ??= "1";
}
