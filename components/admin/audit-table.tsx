import { useFormatter, useTranslations } from "next-intl";
import { Table } from "@/components/ui/table";
import type { AuditEntry } from "@/lib/dal/audit/audit-entry";

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
          cell: ({ targetType, targetId }) => (
            <span className="text-sm">
              {targetType} <code className="text-faint">{targetId}</code>
            </span>
          ),
        },
        {
          name: t("detail"),
          cell: ({ detail }) => detail !== null && <code className="text-sm text-soft">{JSON.stringify(detail)}</code>,
        },
        { name: t("address"), cell: ({ address }) => address ?? "–" },
      ]}
    />
  );
}
