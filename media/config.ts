import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65535);
const optionalPath = z.string().min(1).optional();

const environmentSchema = z
  .object({
    HOST: z.string().min(1).default("0.0.0.0"),
    MEDIA_PORT: port.default(8000),
    MEDIA_CONTROL_PORT: port.default(8001),
    MEDIA_CONTROL_HOST: z.string().min(1).default("127.0.0.1"),
    RTMP_PORT: port.default(1935),
    RTMPS_PORT: port.optional(),
    TLS_CERT: optionalPath,
    TLS_KEY: optionalPath,
    MEDIA_SECRET: z.string().min(16),
    PORTAL_URL: z.url().default("http://127.0.0.1:3000"),
    DATA_DIR: z.string().min(1).default(".data"),
    LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
    /** PART-TARGET aimed at, in milliseconds. */
    PART_TARGET_MS: z.coerce.number().int().min(100).max(1000).default(200),
    /** EXT-X-TARGETDURATION, in seconds: the key-frame interval that encoders should use. */
    SEGMENT_SECONDS: z.coerce.number().int().min(1).max(10).default(2),
    /** How far viewers can rewind, by time and by size, whichever is less. */
    WINDOW_SECONDS: z.coerce.number().int().min(20).max(21_600).default(600),
    WINDOW_MEGABYTES: z.coerce.number().int().min(16).max(65_536).default(1024),
    MAX_PUBLISH_KBPS: z.coerce.number().int().min(100).default(60_000),
    /** Requests for what comes next that are held for one viewer's address; twice as many connections. */
    MAX_WAITING_PER_ADDRESS: z.coerce.number().int().min(1).max(10_000).default(2_000),
    /** One proxy stands before the origin and writes X-Forwarded-For. */
    TRUSTED_PROXY: z
      .enum(["0", "1", "false", "true"])
      .default("0")
      .transform((value) => value === "1" || value === "true"),
  })
  .refine((env) => !env.RTMPS_PORT || (env.TLS_CERT && env.TLS_KEY), {
    message: "RTMPS_PORT needs TLS_CERT and TLS_KEY",
    path: ["RTMPS_PORT"],
  });

export type MediaConfig = z.infer<typeof environmentSchema>;

/** Reads media's settings. @throws Error with one sentence that names each wrong setting (and no value, as some are secret) */
export function readMediaConfig(environment: NodeJS.ProcessEnv): MediaConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = environmentSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`Wrong settings: ${faults.join("; ")}.`);
}
