export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue | undefined };

/** One act. `actor` is a handle, null for the command line and the system. `action` is `noun.verb`. */
export type AuditEntry = {
  id: string;
  at: string;
  actor: string | null;
  action: string;
  targetType: string;
  targetId: string;
  address: string | null;
  detail: JsonValue;
};

/** `next` is the cursor of the following page, null on the last. */
export type AuditPage = { entries: AuditEntry[]; next: string | null };
