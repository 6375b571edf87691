import type { ReactNode } from "react";

export type Column<Row> = { name: string; cell: (row: Row) => ReactNode; isNumber?: boolean; isShort?: boolean };

type TableProps<Row> = {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string;
  /** What stands there when there are no rows. */
  empty: string;
};

/** A table that turns into a list of cards where it would not fit; the cells then carry their column's name. */
export function Table<Row>({ caption, columns, rows, keyOf, empty }: TableProps<Row>) {
  if (rows.length === 0) return <p className="rounded-[1.5rem] bg-raised p-6 text-soft sm:p-8">{empty}</p>;
  return (
    <table className="block w-full rounded-[1.5rem] bg-raised p-2 text-left sm:p-4 xl:table">
      <caption className="sr-only">{caption}</caption>
      <thead className="sr-only xl:not-sr-only xl:table-header-group">
        <tr>
          {columns.map(({ name, isNumber }) => (
            <th
              key={name}
              scope="col"
              className={`px-4 py-3 text-sm font-medium text-faint ${isNumber ? "text-right" : ""}`}
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="block xl:table-row-group">
        {rows.map((row) => (
          <tr
            key={keyOf(row)}
            className="grid gap-x-8 gap-y-2 rounded-2xl p-4 even:bg-sunken/60 sm:grid-cols-2 xl:table-row xl:p-0"
          >
            {columns.map(({ name, cell, isNumber, isShort }) => (
              <td
                key={name}
                className={`grid min-w-0 grid-cols-[7.5rem_1fr] items-baseline gap-3 xl:table-cell xl:px-4 xl:py-3 xl:align-middle xl:first:rounded-l-2xl xl:last:rounded-r-2xl ${isNumber ? "tabular xl:text-right" : ""} ${isNumber || isShort ? "xl:whitespace-nowrap" : ""}`}
              >
                <span aria-hidden="true" className="text-sm text-faint xl:hidden">
                  {name}
                </span>
                <span className="block min-w-0">{cell(row)}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
