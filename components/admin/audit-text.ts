import type { AuditEntry } from "@/lib/dal/audit/audit-entry";

type Entry = Pick<AuditEntry, "targetId" | "detail">;

/** What an act was done to, as people know it: the handle where the entry has one, else the id. */
export function auditTarget({ targetId, detail }: Entry): string {
  const handle = pairsOf(detail).find(([name]) => name === "handle")?.[1];
  return typeof handle === "string" ? handle : targetId;
}

/** The rest of what was noted, each as `name: value`. */
export function auditDetail({ detail }: Entry): string[] {
  return pairsOf(detail)
    .filter(([name]) => name !== "handle")
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
}

function pairsOf(detail: AuditEntry["detail"]) {
  return detail !== null && typeof detail === "object" && !Array.isArray(detail) ? Object.entries(detail) : [];
}
