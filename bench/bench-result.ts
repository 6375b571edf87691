import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { PROJECT_ROOT } from "@/scripts/project-root";

/** One line of a bench's table. `aim`: at most this; null where there is none. */
const figureSchema = z.object({
  figure: z.string(),
  unit: z.string(),
  aim: z.number().nullable(),
  /** The aim is so many times the reference's own figure. */
  aimTimesReference: z.number().nullable().default(null),
  reached: z.number().nullable(),
  reference: z.number().nullable(),
});
export type Figure = z.input<typeof figureSchema>;

const resultSchema = z.object({
  bench: z.string(),
  figures: z.array(figureSchema),
  /** What limits the figures of this run, in sentences; empty when nothing did. */
  remarks: z.array(z.string()),
  /** How it was measured, and everything behind the figures. */
  detail: z.record(z.string(), z.unknown()),
});
export type BenchResult = z.input<typeof resultSchema>;

/** In the order of the table of results. */
export const benchNames = ["latency", "network", "join", "golive", "ingest", "fanout", "soak"] as const;
export type BenchName = (typeof benchNames)[number];

const folder = join(PROJECT_ROOT, "bench", "results");

export function writeResult(result: BenchResult): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${result.bench}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

/** Null when this bench has never been run whole. @throws ZodError when the file is not what `writeResult` wrote */
export function readResult(name: BenchName): BenchResult | null {
  try {
    return resultSchema.parse(JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** What must not be exceeded, in the figure's unit; null when nothing is asked. */
export function limitOf({ aim, aimTimesReference, reference }: Figure): number | null {
  if (!aimTimesReference) return aim;
  return reference === null ? null : aimTimesReference * reference;
}

export function isReached(figure: Figure): boolean | null {
  const limit = limitOf(figure);
  if (limit === null) return null;
  return figure.reached !== null && figure.reached <= limit;
}
