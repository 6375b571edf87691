import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { SECURITY_FIGURES_PATH, type SecurityFigure } from "@/scripts/test/security-figures";

function note(figure: SecurityFigure): void {
  mkdirSync(dirname(SECURITY_FIGURES_PATH), { recursive: true });
  appendFileSync(SECURITY_FIGURES_PATH, `${JSON.stringify(figure)}\n`);
}

/**
 * Counts an attack that a test has tried and seen fail, for the table that `npm test` prints. Called last in the test.
 * @param tries how many variants of it were tried
 */
export function noteAttack(side: "RTMP" | "private calls" | "HLS" | "web", name: string, tries = 1): void {
  note({ kind: "attack", side, name, tries });
}

/** Counts inputs that a fuzzer has tried on one reader. */
export function noteFuzz(reader: string, executions: number): void {
  note({ kind: "fuzz", reader, executions });
}

/** Counts a fault that was survived, and the acknowledged rows that it lost. */
export function noteFault(name: string, lostRows: number): void {
  note({ kind: "fault", name, lostRows });
}
