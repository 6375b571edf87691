import { useFormatter, useTranslations } from "next-intl";
import { Table } from "@/components/ui/table";
import type { AuditEntry } from "@/lib/dal/audit/audit-entry";
import { auditDetail, auditTarget } from "./audit-text";

export function AuditTable({ entries }: { entries: AuditEntry[] }) {
  const t = useTranslations("admin");
  const format = useFormatter();
  return (
    <Table
      caption={t("audit")}
      rows={entries}
      keyOf={({ id }) => id}
      empty={t("noAudit")}
      columns={[
        {
          name: t("at"),
          isShort: true,
          cell: ({ at }) => (
            <time dateTime={at} className="tabular">
              {format.dateTime(new Date(at), { dateStyle: "short", timeStyle: "medium" })} UTC
            </time>
          ),
        },
        {
          name: t("actor"),
          isShort: true,
          cell: ({ actor }) => actor ?? <span className="text-faint">{t("system")}</span>,
        },
        { name: t("action"), isShort: true, cell: ({ action }) => <code className="text-sm">{action}</code> },
        {
          name: t("target"),
          cell: (entry) => (
            <span className="text-sm break-words" title={entry.targetId}>
              <span className="text-faint">{entry.targetType}</span> {auditTarget(entry)}
            </span>
          ),
        },
        {
          name: t("detail"),
          cell: (entry) => <span className="text-sm text-soft">{auditDetail(entry).join(", ")}</span>,
        },
        { name: t("address"), cell: ({ address }) => address ?? "–" },
      ]}
    />
  );
}
